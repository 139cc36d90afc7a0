// Records beside the panel: words that are not kept yet, the last confirmation that may be undone, how many wait.
import { signal } from '@preact/signals';
import { Fault, recordLater, recordsWaiting, undoRecord } from './api.js';
import { tell } from './house.js';
import { say } from './messages.js';

/** So long a confirmation may be undone from the desk. */
const UNDO_MS = 30_000;
/** Contacts whose unkept words are remembered; beyond it the oldest go. */
const MOST = 10;

/** How many of hers wait to be confirmed. */
export const waiting = signal(0);
/** @type {import('@preact/signals').Signal<{contactId: string, version: number} | null>} */
export const undoableRecord = signal(null);
/** @type {ReturnType<typeof setTimeout> | undefined} */
let forgetting;
/** @type {Map<string, import('./types.js').RecordWords>} */
const words = new Map();

/** @param {string} contactId */
export const keptWords = (contactId) => words.get(contactId);

/** @param {string} contactId @param {import('./types.js').RecordWords} now */
export function keepWords(contactId, now) {
  words.set(contactId, now);
  if (words.size > MOST) words.delete([...words.keys()][0]);
}

/** @param {string} contactId */
export const forgetWords = (contactId) => words.delete(contactId);

/** She has confirmed one. @param {import('./types.js').ContactRecord} record */
export function noteKept(record) {
  clearTimeout(forgetting);
  undoableRecord.value = { contactId: record.contact_id, version: record.version };
  forgetting = setTimeout(() => { undoableRecord.value = null; }, UNDO_MS);
}

/** She has left the record of a written contact that she closed: unless she has just kept it, it waits on her list.
 * @param {string} contactId */
export async function leaveRecord(contactId) {
  if (undoableRecord.peek()?.contactId === contactId) return;
  try {
    waiting.value = (await recordLater(contactId)).count;
  } catch (fault) {
    if (!(fault instanceof Fault)) throw fault; // the clock leaves it there soon
  }
}

/** Z: the last confirmation back; the record waits on her list. */
export async function undoKept() {
  const last = undoableRecord.value;
  if (!last) return;
  undoableRecord.value = null;
  try {
    await undoRecord(last.contactId, last.version);
    tell(say('record.undone'));
  } catch (fault) {
    if (!(fault instanceof Fault)) throw fault;
    tell(say('bar.failed', { reason: fault.message }));
  }
}

/** Ask how many wait. A count that cannot be had stays as it was. */
export async function countWaiting() {
  try {
    waiting.value = (await recordsWaiting()).count;
  } catch (fault) {
    if (!(fault instanceof Fault)) throw fault;
  }
}
