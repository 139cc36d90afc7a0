// One thing at a time may lie over the cards (never over the words): a message being written, what to send, a picture.
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { signal } from '@preact/signals';
import { call } from './house.js';
import { Compose } from './compose.js';
import { loadReach } from './hand.js';
import { PhotoView } from './photo.js';
import { Picker } from './picker.js';
import { say } from './messages.js';
import { Key, html } from './view.js';

/** @typedef {{kind: 'text', card: import('./types.js').Suggestion} | {kind: 'send'} | {kind: 'photo', place: number}} Open */

export const panel = signal(/** @type {Open | null} */ (null));
/** Where the keyboard was, to go back there. */
let before = /** @type {Element | null} */ (null);

/** @param {Open} what */
function open(what) {
  if (!panel.value) before = document.activeElement;
  panel.value = what;
  if (location.hash.startsWith('#/') && location.hash !== '#/') location.hash = '#/'; // where the cards are
}

export function closePanel() {
  panel.value = null;
  if (before instanceof HTMLElement && before.isConnected) before.focus();
  before = null;
}

/** @param {import('./types.js').Suggestion} card */
export const writeText = (card) => open({ kind: 'text', card });

/** F8: open the list of what can be sent, or close it. */
export function togglePicker() {
  if (panel.value?.kind === 'send') closePanel();
  else if (call.value) {
    loadReach();
    open({ kind: 'send' });
  }
}

/** @param {number} place */
export function openPhoto(place) {
  if (call.value?.visit.value.photos[place]) open({ kind: 'photo', place });
}

/** P: the newest picture, or close it. */
export function togglePhoto() {
  if (panel.value?.kind === 'photo') closePanel();
  else openPhoto((call.value?.visit.value.photos.length ?? 0) - 1);
}

export function Panel() {
  const what = panel.value;
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const id = call.value?.id;
  useLayoutEffect(() => { // at once: the next key is meant for what has just opened
    const first = box.current?.querySelector('textarea, input, [data-first]');
    if (first instanceof HTMLElement) first.focus();
  }, [what?.kind]);
  useEffect(() => () => { panel.value = null; }, [id]); // another call: nothing of this one may be sent there
  if (!what || !call.value) return null;
  const title = what.kind === 'text' ? say('compose.heading') : what.kind === 'send' ? say('picker.heading') : say('photo.heading');
  return html`
    <section class="panel" ref=${box} aria-labelledby="panel-title">
      <header>
        <h2 id="panel-title">${title}</h2>
        <button class="quiet" onClick=${closePanel}>${say('help.close')} <${Key}>Esc<//></button>
      </header>
      ${what.kind === 'text' && html`<${Compose} key=${what.card.id} card=${what.card} call=${call.value} onDone=${closePanel} />`}
      ${what.kind === 'send' && html`<${Picker} onDone=${closePanel} />`}
      ${what.kind === 'photo' && html`<${PhotoView} photos=${call.value.visit.value.photos} place=${what.place} onPlace=${openPhoto} />`}
    </section>`;
}
