// One thing at a time may lie over the cards (never over the words): a message or a note being written, what to send, a
// picture, why an alert ends, the record of the contact.
import { useLayoutEffect, useRef } from 'preact/hooks';
import { effect, signal } from '@preact/signals';
import { agent, call, mine } from './house.js';
import { Compose } from './compose.js';
import { loadReach } from './hand.js';
import { PhotoView } from './photo.js';
import { Picker } from './picker.js';
import { Reasons } from './reasons.js';
import { RecordPanel } from './record.js';
import { keptWords, leaveRecord } from './records_kept.js';
import { canPassOn } from './transfer.js';
import { TransferPanel } from './transfer_panel.js';
import { say } from './messages.js';
import { Key, html } from './view.js';
import { file, toWriteUp } from './written.js';
import { Wrong } from './wrong.js';

/** @typedef {{kind: 'text', card: import('./types.js').Suggestion | null} | {kind: 'send'} | {kind: 'photo', place: number} | {kind: 'wrong', card: import('./types.js').Suggestion} | {kind: 'reason', alert: import('./types.js').AlertChanged, step: import('./types.js').StepName} | {kind: 'record', contactId: string, written?: boolean} | {kind: 'transfer', card: import('./types.js').Suggestion | null}} Open */

/** @type {Record<string, string>} */
const HEADINGS = { text: 'compose.heading', send: 'picker.heading', photo: 'photo.heading', wrong: 'wrong.heading', record: 'record.heading', transfer: 'transfer.heading' };

export const panel = signal(/** @type {Open | null} */ (null));
/** Where the keyboard was, to go back there. */
let before = /** @type {Element | null} */ (null);

/** @param {Open} what */
function open(what) {
  if (!panel.value) before = document.activeElement;
  panel.value = what;
  toCards();
}

/** To where the cards are, unless she is there. */
function toCards() {
  if (location.hash.startsWith('#/') && location.hash !== '#/' && !location.hash.startsWith('#/texts/')) location.hash = '#/';
}

export function closePanel() {
  panel.value = null;
  if (before instanceof HTMLElement && before.isConnected) before.focus();
  before = null;
}

/** @param {import('./types.js').Suggestion | null} card */
export const writeText = (card) => open({ kind: 'text', card });

/** F8: open the list of what can be sent, or close it. */
export function togglePicker() {
  if (panel.value?.kind === 'send') closePanel();
  else if (call.value) {
    loadReach();
    open({ kind: 'send' });
  }
}

/** @param {import('./types.js').Suggestion | null} card */
export function reportWrong(card) {
  if (card) open({ kind: 'wrong', card });
}

/** @param {import('./types.js').AlertChanged} alert @param {import('./types.js').StepName} step */
export const askReason = (alert, step) => open({ kind: 'reason', alert, step });

/** D: the record of this contact once its talk is over, or close it; of the written one that is open and over. */
export function toggleRecord() {
  if (panel.value?.kind === 'record') closePanel();
  else if (toWriteUp.value) open({ kind: 'record', contactId: toWriteUp.value, written: true });
  else if (call.value && mine.value.state === 'wrap_up') open({ kind: 'record', contactId: call.value.id });
}

/** T: to whom the caller goes, the open card's department first. @param {import('./types.js').Suggestion | null} card */
export function openTransfer(card) {
  if (canPassOn.value) open({ kind: 'transfer', card: card?.phone ? card : null });
}

/** Another call: nothing of this one may be sent there. After the talk the record comes by itself, unless she is
 * busy; one that she has begun to write stays when the clock ends her wrap-up, until the next caller rings. */
export function followPanel() {
  let [last, shown] = ['', ''];
  effect(() => {
    const id = call.value?.id ?? '';
    const open = panel.peek();
    const stays = !id && open?.kind === 'record' && keptWords(open.contactId) !== undefined;
    if (id !== last && !stays) panel.value = null;
    last = id;
  });
  followWritten();
  effect(() => {
    const current = call.value;
    const over = current?.draft.value || current?.facts.value.ended;
    if (!current || !over || mine.value.state !== 'wrap_up' || shown === current.id) return;
    shown = current.id;
    const field = document.activeElement;
    const writes = field instanceof HTMLTextAreaElement || (field instanceof HTMLInputElement && field.type === 'text');
    if (!writes && !panel.peek() && ['', '#/'].includes(location.hash)) open({ kind: 'record', contactId: current.id });
  });
}

/** The record of a written contact comes as she closes it; once she has left it, it waits on her list. */
function followWritten() {
  let [openBefore, left] = ['', ''];
  effect(() => {
    const written = file.value?.changed.written;
    const closed = written?.state === 'closed' && written.contact_id === openBefore && written.agent_id === agent.peek().id;
    openBefore = written && written.state !== 'closed' ? written.contact_id : '';
    if (closed && !panel.peek()) open({ kind: 'record', contactId: written.contact_id, written: true });
  });
  effect(() => {
    const what = panel.value;
    const now = what?.kind === 'record' && what.written ? what.contactId : '';
    if (left && left !== now) leaveRecord(left);
    left = now;
  });
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
  useLayoutEffect(() => { // at once: the next key is meant for what has just opened
    const first = box.current?.querySelector('textarea, input, [data-first]');
    if (first instanceof HTMLElement) first.focus();
  }, [what?.kind]);
  const current = call.value;
  if (!what || (!current && what.kind !== 'wrong' && what.kind !== 'record')) return null;
  const title = what.kind === 'reason' ? say(`alert.step.${what.step}`) : say(HEADINGS[what.kind]);
  return html`
    <section class="panel" ref=${box} aria-labelledby="panel-title">
      <header>
        <h2 id="panel-title">${title}</h2>
        <button class="quiet" onClick=${closePanel}>${say('help.close')} <${Key}>Esc<//></button>
      </header>
      ${what.kind === 'text' && html`<${Compose} key=${what.card?.id ?? ''} card=${what.card} call=${current} onDone=${closePanel} />`}
      ${what.kind === 'send' && html`<${Picker} onDone=${closePanel} />`}
      ${what.kind === 'photo' && current && html`<${PhotoView} photos=${current.visit.value.photos} place=${what.place} onPlace=${openPhoto} />`}
      ${what.kind === 'wrong' && html`<${Wrong} key=${what.card.id} card=${what.card} onDone=${closePanel} />`}
      ${what.kind === 'reason' && html`<${Reasons} key=${what.step} alert=${what.alert} step=${what.step} onDone=${closePanel} />`}
      ${what.kind === 'transfer' && html`<${TransferPanel} key=${what.card?.id ?? ''} card=${what.card} onDone=${closePanel} />`}
      ${what.kind === 'record' && html`<${RecordPanel} key=${what.contactId} contactId=${what.contactId} onDone=${closePanel} />`}
    </section>`;
}
