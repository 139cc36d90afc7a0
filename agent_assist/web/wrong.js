// 'This is wrong': a note to the department that answers for the entry.
import { useState } from 'preact/hooks';
import { Fault, reportEntry } from './api.js';
import { entryOf } from './entries.js';
import { call, tell } from './house.js';
import { say } from './messages.js';
import { Key, html } from './view.js';

/** What she has written and not sent, by entry: closing the panel loses nothing. @type {Map<string, string>} */
const drafts = new Map();
const KEPT = 20;

/** @param {{card: import('./types.js').Suggestion, onDone: () => void}} props */
export function Wrong({ card, onDone }) {
  const [note, setNote] = useState(drafts.get(card.id) ?? '');
  const [sending, setSending] = useState(false);
  const { entry } = entryOf(card.id).value;
  const department = entry?.department ?? card.department;
  const ready = note.trim() !== '' && !sending;
  const write = (/** @type {string} */ text) => {
    setNote(text);
    drafts.set(card.id, text);
    if (drafts.size > KEPT) drafts.delete([...drafts.keys()][0]);
  };
  const send = async () => {
    if (!ready) return;
    setSending(true);
    try {
      await reportEntry(card.id, { note: note.trim(), version: entry?.version ?? card.version ?? 0, call_id: call.value?.id ?? '' });
    } catch (trouble) {
      if (!(trouble instanceof Fault)) throw trouble;
      tell(say('bar.failed', { reason: trouble.message }));
      return;
    } finally {
      setSending(false);
    }
    drafts.delete(card.id);
    tell(department ? say('wrong.thanks', { department }) : say('wrong.thanks_all'));
    onDone();
  };
  /** @param {KeyboardEvent} event */
  const pressed = (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    if (!event.repeat) send();
  };
  return html`
    <p class="to"><b>${card.title}</b></p>
    <p class="soft to">${department ? say('wrong.goes_to', { department }) : say('wrong.goes_to_all')}</p>
    <textarea class="message" aria-label=${say('wrong.note')} placeholder=${say('wrong.hint')} maxlength="1000" value=${note}
      onInput=${(/** @type {InputEvent} */ event) => write(/** @type {HTMLTextAreaElement} */ (event.target).value)} onKeyDown=${pressed}></textarea>
    <p class="send top-space">
      <button class="main" disabled=${!ready} onClick=${send}>${say('wrong.send')} <${Key}>Enter<//></button>
      <span class="soft">${say('wrong.private')}</span>
    </p>`;
}
