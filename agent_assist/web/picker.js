// What can be sent to the caller's phone: the link (or a way without one), the menu's screens, places. Digits choose, letters narrow down.
import { useEffect, useState } from 'preact/hooks';
import { hindrance, inWords, join, link, reach, show } from './hand.js';
import { call } from './house.js';
import { say } from './messages.js';
import { page } from './visit.js';
import { Key, html } from './view.js';

/** @typedef {{id: string, title: string, hint: string, why: string, deed: () => Promise<boolean>}} Item */

/** @param {{onDone: () => void}} props */
export function Picker({ onDone }) {
  const [query, setQuery] = useState('');
  const [chosen, setChosen] = useState(0);
  const wanted = query.trim().toLowerCase();
  const shown = items().filter(({ title }) => title.toLowerCase().includes(wanted));
  const place = Math.min(chosen, Math.max(0, shown.length - 1));
  const now = shown[place];
  useEffect(() => document.getElementById(`send-${place}`)?.scrollIntoView({ block: 'nearest' }), [place]);

  /** @param {Item | undefined} item */
  const take = async (item) => {
    if (!item) return;
    setChosen(shown.indexOf(item));
    if (!item.why && await item.deed()) onDone();
  };
  /** @param {KeyboardEvent} event */
  const pressed = (event) => {
    if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && shown.length) setChosen((place + step + shown.length) % shown.length);
    else if (event.key === 'Enter') event.repeat || take(now);
    else if (!query && /^[1-9]$/.test(event.key)) event.repeat || take(shown[Number(event.key) - 1]);
    else return;
    event.preventDefault();
  };
  return html`
    <input type="text" class="narrow" role="combobox" autocomplete="off" spellcheck=${false} aria-label=${say('picker.narrow')}
      aria-expanded="true" aria-controls="sendable" aria-activedescendant=${now ? `send-${place}` : undefined}
      placeholder=${say('picker.narrow')} value=${query} onKeyDown=${pressed}
      onInput=${(/** @type {InputEvent} */ event) => { setQuery(/** @type {HTMLInputElement} */ (event.target).value); setChosen(0); }} />
    <ul id="sendable" role="listbox" aria-label=${say('picker.heading')}>
      ${shown.map((item, i) => html`
        <li id=${`send-${i}`} key=${item.id} role="option" aria-selected=${i === place} aria-disabled=${item.why !== ''} class=${item.why ? 'not-now' : ''} onClick=${() => take(item)}>
          ${!query && i < 9 ? html`<${Key}>${i + 1}<//>` : html`<span></span>`}
          <span>${item.title}</span><small>${item.hint}</small>
        </li>`)}
    </ul>
    <p class="why-not" role="status">${now?.why ? inWords(now.why) : now ? say('picker.enter') : say('picker.none')}</p>`;
}

/** The link first, then what the menu offers, in its order. @returns {Item[]} */
function items() {
  const linkWhy = hindrance('link');
  const open = call.value && page(call.value.visit.value) === 'open';
  const pageWhy = hindrance('page');
  const entry = reach.value?.entry ?? '';
  return [
    { id: 'link', title: say('picker.link'), hint: open ? say('picker.has_page') : '', why: linkWhy, deed: link },
    ...(entry && linkWhy && pageWhy === 'no_page' ? [{ id: 'join', title: say('picker.join'), hint: entry, why: '', deed: () => join(entry) }] : []),
    ...(reach.value?.screens ?? []).map(({ kind, id, title }) => ({
      id: `${kind} ${id}`, title, hint: say(`picker.${kind}`), why: pageWhy, deed: () => show({ kind, id }, title),
    })),
  ];
}
