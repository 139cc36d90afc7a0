// The seconds in which a text that she has sent can be taken back, and the words that she had written.
import { signal } from '@preact/signals';
import { Fault, takeBack } from './api.js';
import { report } from './deeds.js';
import { call, tell } from './house.js';
import { say } from './messages.js';
import { Key, html } from './view.js';

/**
 * @typedef {object} Sent
 * @property {string} id      The message's.
 * @property {string} kept    Under which its words are kept, see `drafts`.
 * @property {string} text
 * @property {string} title   Hers, of a long one.
 * @property {import('./call.js').Call} call
 * @property {import('./types.js').Suggestion | null} card
 */

/** What she has written and not sent, by call and card: closing the panel loses nothing. @type {Map<string, string>} */
export const drafts = new Map();
/** The titles that she has given them. @type {Map<string, string>} */
export const titles = new Map();
/** The text that can be taken back now, and for how many seconds. */
export const undoable = signal(/** @type {(Sent & {left: number}) | null} */ (null));
/** @type {number | undefined} */
let ticking;

/** A key for a text: the house takes each once. */
export const newKey = () => crypto.randomUUID?.() ?? Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');

/** @param {Sent & {seconds: number}} sent */
export function noteSent({ seconds, ...sent }) {
  gone(); // the one before goes its way
  if (seconds <= 0) tell(say('compose.sent'));
  const until = performance.now() + seconds * 1000;
  undoable.value = { ...sent, left: Math.ceil(seconds) };
  ticking = setInterval(() => {
    const left = Math.ceil((until - performance.now()) / 1000);
    if (left <= 0) gone();
    else if (undoable.value && left !== undoable.value.left) undoable.value = { ...undoable.value, left };
  }, 100);
}

function forget() {
  clearInterval(ticking);
  undoable.value = null;
}

/** It can be taken back no more: only now the card counts as sent. */
function gone() {
  const sent = undoable.value;
  forget();
  if (sent?.card) report(sent.card, 'sent', sent.call);
}

/** Take it back; its words are there again. @param {(card: import('./types.js').Suggestion | null) => void} open */
export async function undoText(open) {
  const sent = undoable.value;
  if (!sent) return;
  forget();
  if (!await back(sent.id)) return;
  drafts.set(sent.kept, sent.text);
  titles.set(sent.kept, sent.title);
  if (call.value?.id === sent.call.id) open(sent.card);
}

/** Take a waiting text back; whether it was in time. @param {string} id */
export async function back(id) {
  try {
    await takeBack(id);
  } catch (trouble) {
    if (!(trouble instanceof Fault)) throw trouble;
    tell(trouble.message);
    return false;
  }
  if (undoable.value?.id === id) forget();
  tell(say('compose.taken_back'));
  return true;
}

/** Below the cards, where nothing moves for it. @param {{onUndo: () => void}} props */
export function TextUndo({ onUndo }) {
  const sent = undoable.value;
  if (!sent) return null;
  return html`
    <p class="text-undo" role="status"><span>${say('compose.going')} <b class="left" aria-hidden="true">${sent.left}</b></span>
      <button onClick=${onUndo}>${say('compose.take_back')} <${Key}>Z<//></button></p>`;
}
