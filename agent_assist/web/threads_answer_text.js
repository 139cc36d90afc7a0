// What she is writing to whom: kept while she looks at another contact, and back when she takes a text back.
import { signal } from '@preact/signals';
import { drafts } from './text_undo.js';

/** Of the contact that is open. */
export const answerText = signal('');
let of = '';

/** @param {string} contactId */
export const keptAs = (contactId) => `${contactId} answer`;

/** Another contact is open. @param {string} contactId */
export function openAnswer(contactId) {
  of = contactId;
  answerText.value = drafts.get(keptAs(contactId)) ?? '';
}

/** @param {string} text */
export function writeAnswer(text) {
  answerText.value = text;
  if (of) drafts.set(keptAs(of), text);
}

/** A text was taken back: its words are there again, unless she has written others meanwhile. @param {string} contactId @param {string} text */
export function restoreAnswer(contactId, text) {
  if (contactId === of && !answerText.value.trim()) writeAnswer(text);
}
