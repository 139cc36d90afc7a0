// The answer below a conversation: Enter sends, Shift+Enter is a new line, F2 brings the card's text and templates.
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Fault, sendText } from './api.js';
import { openOne } from './cards.js';
import { QUESTIONS, Size } from './compose_size.js';
import { cardAsText } from './hand_keys.js';
import { useLook } from './look.js';
import { say } from './messages.js';
import { writeText } from './panel.js';
import { newKey } from './text_undo.js';
import { answerText, openAnswer, writeAnswer } from './threads_answer_text.js';
import { Key, html } from './view.js';

/** @param {{file: import('./types.js').WrittenFile}} props */
export function Answer({ file }) {
  const { contact_id: id } = file.changed.written;
  const box = useRef(/** @type {HTMLTextAreaElement | null} */ (null));
  const text = answerText.value;
  const [asked, setAsked] = useState('');
  const [trouble, setTrouble] = useState('');
  const [sending, setSending] = useState(false);
  const key = useRef(newKey());
  const look = useLook(text.trim() ? text : null);
  useEffect(() => openAnswer(id), [id]);
  useLayoutEffect(() => {
    const field = box.current;
    if (!field) return;
    field.style.height = 'auto'; // grows with its words, up to what the style allows
    field.style.height = `${field.scrollHeight + 2}px`;
  }, [text]);

  // What is not looked at yet may go: who types fast presses Enter at once, and the house looks at it anyway.
  const ready = file.may_answer && text.trim() !== '' && !sending && !(look.of === text && look.current?.fault);
  /** @param {string[]} sure */
  const send = async (sure = []) => {
    if (!ready) return;
    setSending(true);
    setTrouble('');
    try {
      await sendText(id, { text, key: key.current, entry_id: '', sender: '', template_id: '', sure });
      key.current = newKey();
      writeAnswer('');
      setAsked('');
      box.current?.focus();
    } catch (wrong) {
      if (!(wrong instanceof Fault)) throw wrong;
      if (QUESTIONS.has(wrong.code)) setAsked(wrong.code);
      else setTrouble(wrong.message);
    } finally {
      setSending(false);
    }
  };
  /** @param {KeyboardEvent} event */
  const pressed = (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    if (!event.repeat) send();
  };
  if (!file.may_answer) return html`<p class="over" role="status">${say('threads.no_way_back')}</p>`;
  const card = openOne();
  return html`
    <form class="answer" onSubmit=${(/** @type {Event} */ event) => { event.preventDefault(); send(); }}>
      <textarea id="answer" ref=${box} rows="2" maxlength="4000" spellcheck=${false} aria-label=${say('threads.answer')} placeholder=${say('threads.answer_hint')} value=${text}
        onInput=${(/** @type {InputEvent} */ event) => { writeAnswer(/** @type {HTMLTextAreaElement} */ (event.target).value); setAsked(''); setTrouble(''); }} onKeyDown=${pressed}></textarea>
      <p class="answer-foot">
        <button type="button" onClick=${() => (card ? cardAsText(card) : writeText(null))}>${say('threads.with_card')} <${Key}>F2<//></button>
        <span class="size" role="status">${asked && !trouble && !look.trouble ? html`<b>${say(`compose.asked.${asked}`)}</b>` : html`<${Size} look=${text.trim() ? look.current : null} trouble=${trouble || look.trouble} />`}</span>
        ${asked ? html`<button type="button" onClick=${() => setAsked('')}>${say('compose.asked.no')}</button><button type="button" class="main" onClick=${() => send([asked])}>${say('compose.asked.yes')}</button>`
          : html`<button class="main" disabled=${!ready}>${say('threads.send')} <${Key}>Enter<//></button>`}
      </p>
    </form>`;
}
