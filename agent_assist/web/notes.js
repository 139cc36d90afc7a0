// What a supervisor writes to her: beside the words, never over them, until she presses 'seen'.
import { signal } from '@preact/signals';
import { Fault, noteSeen } from './api.js';
import { timeOfDay } from './format.js';
import { say } from './messages.js';
import { Key, html } from './view.js';

/** @typedef {import('./types.js').NoteSent} NoteSent */

/** Not seen yet, the oldest first. */
export const notes = signal(/** @type {NoteSent[]} */ ([]));
/** Why the last one could not be said seen. */
const trouble = signal('');

/** @param {NoteSent} note a new one, or one that she has seen, here or in another window */
export function takeNote(note) {
  const others = notes.value.filter(({ note_id: id }) => id !== note.note_id);
  notes.value = note.seen ? others : [...others, note];
}

/** F7: the oldest one is seen. */
export async function seeNote() {
  const first = notes.value[0];
  if (!first) return;
  try {
    await noteSeen(first.note_id);
    trouble.value = '';
    takeNote({ ...first, seen: true });
  } catch (fault) {
    if (!(fault instanceof Fault)) throw fault;
    trouble.value = fault.message;
  }
}

export function SupervisorNotes() {
  const [first, ...more] = notes.value;
  return html`
    <div class=${first ? 'supervisor-note' : 'supervisor-note none'} role="status">
      ${first && html`
        <p class="soft"><b>${say('note.from', { name: first.by_name || first.by })}</b> ${timeOfDay(first.at)}${more.length > 0 && ` · ${say('note.more', { count: more.length })}`}</p>
        <p class="note-text">${first.text}</p>
        ${trouble.value && html`<p class="note-trouble">${trouble}</p>`}
        <button class="main" onClick=${seeNote}>${say('note.seen')} <${Key}>F7<//></button>`}
    </div>`;
}
