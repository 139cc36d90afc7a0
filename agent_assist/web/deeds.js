// What she does with a card, told to the house once each: opened, used, not this, kept, sent.
import { signal } from '@preact/signals';
import { Fault, useCard } from './api.js';
import { call, tell } from './house.js';
import { say } from './messages.js';

/** @typedef {import('./types.js').Suggestion} Suggestion */
/** @typedef {import('./types.js').CardDeed} CardDeed */
/** @typedef {import('./call.js').Call} Call */

/** So long a card that she put away can be brought back; only then is it told. */
const UNDO_MS = 6000;

/** The card that was just put away. */
export const putAway = signal(/** @type {{card: Suggestion, call: Call} | null} */ (null));
/** @type {number | undefined} */
let timer;

/**
 * Tell the house, unless it knows. Keeping and letting go may be told again and again.
 * @param {Suggestion} card
 * @param {CardDeed} deed
 * @param {Call | null} [current]
 */
export async function report(card, deed, current = call.value) {
  if (!current) return;
  const again = deed === 'pinned' || deed === 'unpinned';
  if (!again && current.has(card.id, deed)) return;
  if (!again) current.mark(card.id, deed);
  try {
    await useCard(current.id, { entry_id: card.id, deed });
  } catch (trouble) {
    if (!(trouble instanceof Fault)) throw trouble;
    if (!again) current.unmark(card.id, deed);
    if (trouble.code === 'not_your_call') return; // the call ended meanwhile: nothing that she could do
    tell(say('bar.failed', { reason: trouble.message }));
  }
}

/** It was the right one. @param {Suggestion | null} card */
export function accept(card) {
  if (!card || !call.value || call.value.has(card.id, 'accepted')) return;
  report(card, 'accepted');
  tell(say('cards.accepted_told', { title: card.title }));
}

/** Keep it where it lies, or let go. @param {Suggestion | null} card */
export function keep(card) {
  const current = call.value;
  if (!card || !current) return;
  if (current.kept.value === card.id) letGo();
  else {
    current.keep(card.id);
    report(card, 'pinned');
  }
}

/** Let go of the open card; told if she had kept it. */
export function letGo() {
  const current = call.value;
  const kept = current?.cards.value.shown.find(({ id }) => id === current.kept.value);
  current?.release();
  if (kept) report(kept, 'unpinned');
}

/** Not this one: away with it, at once; told when it can no longer be brought back. @param {Suggestion | null} card */
export function dismiss(card) {
  const current = call.value;
  if (!card || !current?.cards.value.shown.some(({ id }) => id === card.id)) return;
  settle();
  current.dismiss(card.id);
  putAway.value = { card, call: current };
  timer = setTimeout(settle, UNDO_MS);
}

/** The card that was put away comes back. */
export function undo() {
  const away = putAway.value;
  if (!away) return;
  clearTimeout(timer);
  putAway.value = null;
  away.call.restore(away.card.id);
}

/** Tell what cannot be undone any more. */
function settle() {
  const away = putAway.value;
  if (!away) return;
  clearTimeout(timer);
  putAway.value = null;
  report(away.card, 'dismissed', away.call);
}

/** Whatever takes the call from the desk takes the undo with it. */
export function followDeeds() {
  addEventListener('pagehide', settle);
  call.subscribe((current) => { if (putAway.peek() && putAway.peek()?.call !== current) settle(); });
}
