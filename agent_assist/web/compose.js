// A text message before it goes: to whom, what, how long. Enter sends, Esc leaves it as it is for later.
import { useEffect, useState } from 'preact/hooks';
import { Fault, sendText, textOf, textSize } from './api.js';
import { callerWord } from './caller_word.js';
import { report } from './deeds.js';
import { attempt, hindrance, inWords } from './hand.js';
import { say } from './messages.js';
import { Key, html } from './view.js';

const PAUSE_MS = 150;
/** What she has written and not sent, by call and card: closing the panel loses nothing. @type {Map<string, string>} */
const drafts = new Map();

/** @typedef {import('./types.js').TextSize} TextSize */

/** @param {{card: import('./types.js').Suggestion, call: import('./call.js').Call, onDone: () => void}} props */
export function Compose({ card, call, onDone }) {
  const kept = `${call.id} ${card.id}`;
  const [text, setText] = useState(/** @type {string | null} */ (drafts.get(kept) ?? null));
  const [size, setSize] = useState(/** @type {TextSize | string | null} */ (null)); // a string says what is wrong
  const [sending, setSending] = useState(false);
  const { caller } = call.facts.value;

  useEffect(() => {
    if (text !== null) return undefined;
    let gone = false;
    textOf(card.id).then((answer) => gone || setText(answer.text), () => gone || setText(''));
    return () => { gone = true; };
  }, []);
  useEffect(() => {
    if (text === null) return undefined;
    drafts.set(kept, text);
    if (!text.trim()) {
      setSize(say('error.message_empty'));
      return undefined;
    }
    const stop = new AbortController();
    const timer = setTimeout(() => textSize(text, stop.signal).then(setSize, (trouble) => {
      if (!stop.signal.aborted) setSize(trouble instanceof Fault ? trouble.message : String(trouble));
    }), PAUSE_MS);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [text]);

  const why = hindrance('text'); // may come to be known only now
  const ready = !why && text !== null && text.trim() !== '' && size !== null && typeof size !== 'string' && !sending;
  const send = async () => {
    if (!ready) return;
    setSending(true);
    const done = await attempt('text', (id) => sendText(id, text), say('compose.sent'));
    setSending(false);
    if (!done) return;
    report(card, 'sent', call);
    drafts.delete(kept);
    onDone();
  };
  /** @param {KeyboardEvent} event */
  const pressed = (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    if (!event.repeat) send();
  };
  return html`
    <p class="to">${say('compose.to')} <b>${caller ? callerWord(caller) : ''}</b></p>
    <textarea class="message" aria-label=${say('compose.text')} aria-describedby="message-size" value=${text ?? ''} readonly=${text === null}
      placeholder=${text === null ? say('cards.loading') : ''} maxlength="4000" spellcheck=${false}
      onInput=${(/** @type {InputEvent} */ event) => setText(/** @type {HTMLTextAreaElement} */ (event.target).value)} onKeyDown=${pressed}></textarea>
    <p class="size" id="message-size" role="status">${why ? html`<b>${inWords(why)}</b>` : sizeWord(size)}</p>
    <p class="send">
      <button class="main" disabled=${!ready} onClick=${send}>${say('compose.send')} <${Key}>Enter<//></button>
      <span class="soft">${say('compose.final')}</span>
    </p>`;
}

/** @param {TextSize | string | null} size */
function sizeWord(size) {
  if (size === null) return '';
  if (typeof size === 'string') return html`<b>${size}</b>`;
  return say(`compose.${size.kind}`, { bytes: size.bytes, limit: size.kind === 'sms' ? 90 : size.limit });
}
