// Which entry? Found by its title, in a dialog of its own.
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { signal } from '@preact/signals';
import { get } from '../office/ask.js';
import { shown, useLoaded } from '../office/loaded.js';
import { typed, walk } from '../office/page.js';
import { say } from '../office/words.js';
import { html } from '../view.js';

/** @type {import('@preact/signals').Signal<{text: string, answer: (id: string | null) => void} | null>} */
const asked = signal(null);

/** null = none. @param {string} text to begin with @returns {Promise<string | null>} */
export function pickEntry(text) {
  return new Promise((answer) => { asked.value = { text, answer }; });
}

export function PickEntry() {
  return asked.value && html`<${Dialog} ...${asked.value} />`;
}

/** @param {{text: string, answer: (id: string | null) => void}} props */
function Dialog({ text, answer }) {
  const box = useRef(/** @type {HTMLDialogElement | null} */ (null));
  const [wanted, setWanted] = useState(text.split(' ')[0] ?? '');
  const [found, again] = useLoaded((signal) => get('entries', { text: wanted, limit: 20 }, signal), [wanted]);
  useLayoutEffect(() => { box.current?.showModal(); }, []); // at once: the next key is meant for it
  const leave = (/** @type {string | null} */ id) => {
    asked.value = null;
    answer(id);
  };
  return html`
    <dialog class="dialog" ref=${box} aria-labelledby="pick" onCancel=${() => leave(null)}>
      <h2 id="pick">${say('pick.title')}</h2>
      <input type="search" aria-label=${say('entries.find')} autofocus value=${wanted} onInput=${(/** @type {Event} */ event) => setWanted(typed(event))} />
      ${shown(found, again, (/** @type {{heads: import('./types.js').EntryHead[]}} */ { heads }) => heads.length === 0 ? html`<p class="soft">${say('entries.none_found')}</p>` : html`
        <ul class="picks" onKeyDown=${walk}>${heads.map((head) => html`<li key=${head.entry_id}><button class="quiet" data-stop onClick=${() => leave(head.entry_id)}><b>${head.title}</b> <span class="soft">${head.department}</span></button></li>`)}</ul>`)}
      <div class="deeds"><button onClick=${() => leave(null)}>${say('page.cancel')}</button></div>
    </dialog>`;
}
