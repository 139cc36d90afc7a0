// Written contacts as the desk knows them: those that are open, how many wait for her, what she has read. Signals only.
import { computed, signal } from '@preact/signals';
import { handWritten, openWritten, writtenDeed, writtenFile } from './api.js';
import { Call } from './call.js';
import { agent, attempt, may, now, writtenCall } from './house.js';

/** @typedef {import('./types.js').Written} Written */
/** @typedef {import('./types.js').WrittenChanged} WrittenChanged */
/** @typedef {import('./types.js').WrittenFile} WrittenFile */

const READ = 'minwon.read';

/** Open ones by id, in their newest state. */
const open = signal(/** @type {ReadonlyMap<string, WrittenChanged>} */ (new Map()));
/** Whether agents answer now; null while nobody has said. */
export const officeOpen = signal(/** @type {boolean | null} */ (null));
/** Why the list could not be had, '' = it could. */
export const listFailed = signal(false);
/** Up to which message of each contact she has read. */
const read = signal(/** @type {Record<string, number>} */ (readKept()));

/** What is open at '#/texts/ID', '' = none. */
export const shownId = signal('');
/** @type {import('@preact/signals').Signal<WrittenFile | null>} */
export const file = signal(null);
export const fileFailed = signal('');

/** Hers first, then those that wait, the longest owed first; for supervisors those of others below. */
export const lists = computed(() => {
  const all = [...open.value.values()].sort((a, b) => owed(a) - owed(b));
  return {
    mine: all.filter(({ written }) => written.agent_id === agent.value.id),
    waiting: all.filter(({ written }) => written.agent_id === ''),
    others: may('supervisor') ? all.filter(({ written }) => written.agent_id !== '' && written.agent_id !== agent.value.id) : [],
  };
});

/** Messages of hers that she has not read. */
export const unread = computed(() => lists.value.mine.filter(({ written }) => isUnread(written)).length);
/** How many have become an alert to supervisors. */
export const alarming = computed(() => [...open.value.values()].filter(isAlarming).length);

/** @param {WrittenChanged} changed */
const owed = ({ written }) => Date.parse(written.owed_since ?? written.last_at);

/** @param {Written} written */
export const isUnread = (written) => written.owed_since !== null && written.last_text_seq > (read.value[written.contact_id] ?? 0) && written.contact_id !== shownId.value;

/** @param {WrittenChanged} changed */
export const isOverdue = ({ overdue_at: at }) => at !== null && Date.parse(at) <= now.value;

/** @param {WrittenChanged} changed */
export const isAlarming = ({ alert_at: at }) => at !== null && Date.parse(at) <= now.value;

/** All that are open, from the house: at the beginning, and after a lost connection. */
export async function loadWritten() {
  try {
    const answer = await openWritten();
    open.value = new Map(answer.written.map((changed) => [changed.written.contact_id, changed]));
    officeOpen.value = answer.is_open;
    listFailed.value = false;
    if (shownId.value) loadFile(shownId.value);
  } catch {
    listFailed.value = true;
  }
}

/** One has got on. @param {WrittenChanged} changed */
export function takeWritten(changed) {
  const { written } = changed;
  const after = new Map(open.value);
  const hers = written.agent_id === '' || !changed.hidden;
  if (written.state === 'closed' || !hers) after.delete(written.contact_id);
  else after.set(written.contact_id, changed);
  open.value = after;
  if (written.contact_id === shownId.value) loadFile(written.contact_id);
}

/** The one at '#/texts/ID', '' = none. @param {string} id */
export function show(id) {
  if (shownId.value === id) return;
  shownId.value = id;
  file.value = null;
  fileFailed.value = '';
  writtenCall.value = null;
  if (id) loadFile(id);
}

/** @param {string} id */
async function loadFile(id) {
  try {
    const answer = await writtenFile(id);
    if (shownId.value !== id) return;
    file.value = answer;
    fileFailed.value = '';
    const contact = writtenCall.value?.id === id ? writtenCall.value : new Call(id);
    contact.catchUp(answer.events);
    writtenCall.value = contact;
    markRead(answer.changed.written);
  } catch (trouble) {
    if (shownId.value === id) fileFailed.value = trouble instanceof Error ? trouble.message : String(trouble);
  }
}

/** @param {Written} written */
function markRead({ contact_id: id, last_text_seq: seq }) {
  if ((read.value[id] ?? 0) >= seq) return;
  const living = Object.entries(read.value).filter(([other]) => open.value.has(other));
  read.value = { ...Object.fromEntries(living), [id]: seq };
  try {
    localStorage.setItem(READ, JSON.stringify(read.value));
  } catch { /* it counts as unread again after a reload: no harm */ }
}

/** @returns {Record<string, number>} */
function readKept() {
  try {
    return JSON.parse(localStorage.getItem(READ) ?? '{}');
  } catch {
    return {};
  }
}

/** Whether the shown one is hers and open. */
export const isHers = computed(() => {
  const written = file.value?.changed.written;
  return written !== undefined && written.state !== 'closed' && written.agent_id === agent.value.id;
});

/** The shown one that is over and was hers: its record is hers to confirm. */
export const toWriteUp = computed(() => {
  const written = file.value?.changed.written;
  return written?.state === 'closed' && (written.agent_id === agent.value.id || may('supervisor')) ? written.contact_id : '';
});

/** Who has an open one, '' = nobody. @param {string} id */
export const holderOf = (id) => open.value.get(id)?.written.agent_name ?? '';

/** Take it, from the queue or from a colleague. @param {string} id */
export const take = (id) => attempt(() => writtenDeed(id, 'take'));

/** It waits for somebody else. @param {string} id */
export const giveBack = (id) => attempt(() => writtenDeed(id, 'back'));

/** @param {string} id @param {'answered' | 'no_answer_needed' | 'spam'} reason */
export const close = (id, reason) => attempt(() => writtenDeed(id, 'close', { reason }));

/** @param {string} id @param {string} to */
export const hand = (id, to) => attempt(() => handWritten(id, to));
