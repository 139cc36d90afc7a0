// To whom the caller goes: names, first consonants or a number; arrows choose, Enter asks first, Shift+Enter passes on at once.
import { useEffect, useRef, useState } from 'preact/hooks';
import { targets as find } from './api.js';
import { grouped } from './format.js';
import { say } from './messages.js';
import { canPassOn, pass } from './transfer.js';
import { Key, html } from './view.js';

/** @typedef {import('./types.js').Target} Target */

const PAUSE_MS = 60;

/** @param {{card: import('./types.js').Suggestion | null, onDone: () => void}} props card: the one from which she came */
export function TransferPanel({ card, onDone }) {
  const [query, setQuery] = useState('');
  const [found, setFound] = useState(/** @type {Target[] | null | 'failed'} */ (null));
  const [picked, setPicked] = useState(0);
  const [trouble, setTrouble] = useState('');
  const busy = useRef(false);
  const wanted = query.trim();

  useEffect(() => {
    const stop = new AbortController();
    const timer = setTimeout(() => {
      find(wanted, stop.signal).then(({ targets }) => setFound(targets), () => { if (!stop.signal.aborted) setFound('failed'); });
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [wanted]);

  const shown = [...(card && !wanted ? [asTarget(card)] : []), ...(Array.isArray(found) ? found : [])];
  const place = Math.min(picked, Math.max(0, shown.length - 1));
  const target = shown[place];
  useEffect(() => document.getElementById(`target-${place}`)?.scrollIntoView({ block: 'nearest' }), [place]);
  const why = target?.why ? say(`error.${target.why}`) : canPassOn.value ? '' : say('error.no_step');

  /** @param {'blind' | 'consult'} way */
  const take = async (way) => {
    if (!target || busy.current) return;
    if (why) {
      setTrouble(why);
      return;
    }
    busy.current = true;
    const refused = await pass(target, way);
    busy.current = false;
    if (refused) setTrouble(refused);
    else onDone();
  };
  /** @param {KeyboardEvent} event */
  const pressed = (event) => {
    if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && shown.length) {
      setPicked((place + step + shown.length) % shown.length);
      setTrouble('');
    } else if (event.key === 'Enter') event.repeat || take(event.shiftKey ? 'blind' : 'consult');
    else return;
    event.preventDefault();
  };
  return html`
    <input type="text" class="narrow" role="combobox" autocomplete="off" spellcheck=${false} inputmode="search" aria-label=${say('transfer.narrow')}
      aria-expanded="true" aria-controls="targets" aria-activedescendant=${target ? `target-${place}` : undefined}
      placeholder=${say('transfer.narrow')} value=${query} onKeyDown=${pressed}
      onInput=${(/** @type {InputEvent} */ event) => { setQuery(/** @type {HTMLInputElement} */ (event.target).value); setPicked(0); setTrouble(''); }} />
    <ul id="targets" role="listbox" aria-label=${say('transfer.heading')}>
      ${shown.map((one, i) => html`
        <li id=${`target-${i}`} key=${`${one.kind} ${one.id}`} role="option" aria-selected=${i === place} class=${one.why ? 'not-now' : ''} onClick=${() => { setPicked(i); setTrouble(''); }}>
          <span><b>${one.name || say('transfer.typed')}</b>${one.detail && html` <small>${one.detail}</small>`}</span>
          <span class="target-number">${grouped(one.number)}</span>
          <small class="target-kind">${one.state ? say(`transfer.colleague.${one.state}`) : say(`transfer.kind.${one.kind}`)}</small>
        </li>`)}
    </ul>
    <p class="send">
      <button class="main" disabled=${!target} aria-disabled=${why !== ''} onClick=${() => take('consult')}>${say('transfer.consult')} <${Key}>Enter<//></button>
      <button disabled=${!target} aria-disabled=${why !== ''} onClick=${() => take('blind')}>${say('transfer.blind')} <${Key}>⇧ Enter<//></button>
    </p>
    <p class=${`transfer-why${trouble ? ' trouble' : ''}`} role="status">${trouble || why || hint(found, shown.length)}</p>`;
}

/** @param {import('./types.js').Suggestion} card @returns {Target} */
function asTarget(card) {
  return { kind: 'entry', id: card.id, name: card.department || card.title, detail: card.department ? card.title : '', number: card.phone, state: null, why: '' };
}

/** @param {Target[] | null | 'failed'} found @param {number} count */
function hint(found, count) {
  if (found === 'failed') return say('search.failed');
  if (found === null) return say('search.searching');
  return say(count ? 'transfer.how' : 'transfer.nobody');
}
