// A text message before it goes: to whom, what, from which number, how it will look. Enter sends, Esc leaves it as it is for later.
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Fault, sendText, textOffer } from './api.js';
import { AskNumber } from './ask_number.js';
import { callerWord } from './caller_word.js';
import { Preview } from './compose_preview.js';
import { Signs } from './compose_signs.js';
import { QUESTIONS, Size } from './compose_size.js';
import { Templates, templatesOpen, toggleTemplates } from './compose_templates.js';
import { fieldAfter, fieldBefore } from './fields.js';
import { grouped } from './format.js';
import { hindrance, inWords, reach } from './hand.js';
import { useLook } from './look.js';
import { known, say } from './messages.js';
import { drafts, newKey, noteSent, titles } from './text_undo.js';
import { Key, html } from './view.js';

/** @typedef {import('./types.js').TextOffer} TextOffer */

/** @param {{card: import('./types.js').Suggestion | null, call: import('./call.js').Call, onDone: () => void}} props */
export function Compose({ card, call, onDone }) {
  const kept = `${call.id} ${card?.id ?? ''}`;
  const box = useRef(/** @type {HTMLTextAreaElement | null} */ (null));
  const [offer, setOffer] = useState(/** @type {TextOffer | string | null} */ (null)); // a string says what is wrong
  const [text, setText] = useState(/** @type {string | null} */ (drafts.get(kept) ?? null));
  const [sender, setSender] = useState('');
  const [title, setTitle] = useState(titles.get(kept) ?? '');
  const look = useLook(text, title);
  const [sending, setSending] = useState(false);
  const [asked, setAsked] = useState(''); // a question that must be answered first
  const [trouble, setTrouble] = useState('');
  /** Made once for this text: however often Enter is pressed, it is one text. */
  const key = useRef(newKey());
  const busy = useRef(false);
  /** The template that the text was made of: what that asks for, the text asks for. */
  const template = useRef('');
  const { caller } = call.facts.value;
  const why = hindrance('text'); // may come to be known only now

  useEffect(() => {
    let gone = false;
    templatesOpen.value = false;
    textOffer(call.id, card?.id ?? '').then(
      (answer) => { if (!gone) { setOffer(answer); setText((now) => now ?? answer.text); } },
      (wrong) => { if (!gone) { setOffer(wrong instanceof Fault ? wrong.message : String(wrong)); setText((now) => now ?? ''); } });
    return () => { gone = true; };
  }, []);
  useEffect(() => {
    if (text !== null) drafts.set(kept, text);
    titles.set(kept, title);
  }, [text, title]);

  const ready = !why && text !== null && look.current && look.of === text && look.title === title && !look.current.fault && !sending;
  /** @param {string} written */
  const write = (written) => {
    setText(written);
    setAsked('');
    setTrouble('');
  };
  /** @param {string[]} sure */
  const send = async (sure = []) => {
    if (!ready || text === null || busy.current) return;
    busy.current = true; // at once: state comes too late for a key that is pressed twice
    setSending(true);
    setTrouble('');
    try {
      const { message_id: id } = await sendText(call.id, { text, key: key.current, entry_id: card?.id ?? '', sender, subject: title.trim(), template_id: template.current, sure });
      drafts.delete(kept);
      titles.delete(kept);
      noteSent({ id, kept, text, title, call, card, seconds: typeof offer === 'object' && offer ? offer.undo_s : 0 });
      onDone();
    } catch (wrong) {
      if (!(wrong instanceof Fault)) throw wrong;
      if (QUESTIONS.has(wrong.code)) setAsked(wrong.code);
      else setTrouble(known(`hand.${wrong.code}`) ? inWords(wrong.code) : wrong.message);
    } finally {
      busy.current = false;
      setSending(false);
    }
  };
  /** @param {KeyboardEvent} event */
  const pressed = (event) => {
    const field = /** @type {HTMLTextAreaElement} */ (event.target);
    if (event.isComposing) return;
    if (event.key === 'Tab' && !event.ctrlKey && !event.altKey) {
      const place = event.shiftKey ? fieldBefore(field.value, field.selectionStart) : fieldAfter(field.value, field.selectionEnd);
      if (!place) return;
      event.preventDefault();
      field.setSelectionRange(place.start, place.end);
    } else if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      if (!event.repeat) send();
    }
  };
  /** @param {import('./types.js').TemplateOffered} taken */
  const take = ({ template_id: id, text: words }) => {
    templatesOpen.value = false;
    template.current = id;
    write(words);
    requestAnimationFrame(() => {
      const place = fieldAfter(words, 0);
      box.current?.focus();
      if (place) box.current?.setSelectionRange(place.start, place.end);
      else box.current?.setSelectionRange(words.length, words.length);
    });
  };

  if (why === 'not_a_mobile') return html`<${AskNumber} call=${call} />`;
  const offered = typeof offer === 'object' && offer ? offer : null;
  return html`
    <p class="to"><span>${say('compose.to')} <b>${reach.value?.number ? grouped(reach.value.number) : caller && callerWord(caller)}</b></span>
      <button class="quiet" aria-expanded=${templatesOpen.value} onClick=${toggleTemplates}>${say('compose.templates')} <${Key}>F2<//></button>
      ${offered && html`<${From} offer=${offered} sender=${sender} onChoose=${setSender} />`}</p>
    <textarea class="message" ref=${box} aria-label=${say('compose.text')} aria-describedby="message-size" value=${text ?? ''} readonly=${text === null}
      placeholder=${text === null ? say('cards.loading') : ''} maxlength="4000" spellcheck=${false}
      onInput=${(/** @type {InputEvent} */ event) => write(/** @type {HTMLTextAreaElement} */ (event.target).value)} onKeyDown=${pressed}></textarea>
    <p class="size" id="message-size" role="status">${trouble || (typeof offer === 'string' && offer) || (why && inWords(why)) || html`<${Size} look=${look.current} trouble=${look.trouble} tabs />`}</p>
    ${asked ? html`<${Asked} code=${asked} onYes=${() => send([asked])} onNo=${() => { setAsked(''); box.current?.focus(); }} />` : html`
      <p class="send">
        <button class="main" disabled=${!ready} onClick=${() => send()}>${say('compose.send')} <${Key}>Enter<//></button>
        <span class="soft">${say('compose.undo', { seconds: offered?.undo_s ?? 5 })}</span>
      </p>`}
    ${templatesOpen.value
      ? html`<${Templates} offered=${offered?.templates ?? []} onTake=${take} onClose=${() => { templatesOpen.value = false; box.current?.focus(); }} />`
      : html`<${Signs} changes=${look.current?.changes ?? []} /><${Preview} look=${look.current} sender=${sender || offered?.sender || ''} title=${title} onTitle=${setTitle} onSend=${() => send()} />`}`;
}

/** @param {{offer: TextOffer, sender: string, onChoose: (number: string) => void}} props */
function From({ offer, sender, onChoose }) {
  if (offer.senders.length < 2) return null;
  return html`
    <label class="from">${say('compose.from')}
      <select value=${sender || offer.sender} onChange=${(/** @type {Event} */ event) => onChoose(/** @type {HTMLSelectElement} */ (event.target).value)}>
        ${offer.senders.map(({ number, name }) => html`<option key=${number} value=${number}>${name ? `${name} ${grouped(number)}` : grouped(number)}</option>`)}
      </select>
    </label>`;
}

/** A question before it goes. The keyboard is on "no": a second Enter pressed by habit sends nothing. @param {{code: string, onYes: () => void, onNo: () => void}} props */
function Asked({ code, onYes, onNo }) {
  const no = useRef(/** @type {HTMLButtonElement | null} */ (null));
  useLayoutEffect(() => no.current?.focus(), [code]);
  return html`
    <div class="asked" role="alertdialog" aria-labelledby="asked">
      <p id="asked"><b>${say(`compose.asked.${code}`)}</b></p>
      <p class="send"><button ref=${no} onClick=${onNo}>${say('compose.asked.no')}</button>
        <button class="main" onClick=${onYes}>${say('compose.asked.yes')}</button></p>
    </div>`;
}
