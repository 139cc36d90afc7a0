// The text as it will lie on the phone: from whom, title, bubble, links as links, and where a short one would end.
import { grouped } from './format.js';
import { say } from './messages.js';
import { pieces } from './outbox.js';
import { html } from './view.js';

const LINKS = /https?:\/\/[^\s)>\]]+/g;

/** Bytes of a title (channels/sms_text.py). */
const TITLE_BYTES = 40;

/** Her title is written where it will stand. @param {{look: import('./types.js').TextLook | null, sender: string, title: string, onTitle: (title: string) => void, onSend: () => void}} props */
export function Preview({ look, sender, title, onTitle, onSend }) {
  const text = look?.carried ?? '';
  const long = look?.kind === 'lms';
  const end = long ? look?.sms_end ?? 0 : text.length;
  const cut = look?.lms_end ?? text.length;
  return html`
    <figure class="preview" aria-label=${say('compose.preview')}>
      <figcaption><b>${sender ? grouped(sender) : say('compose.preview')}</b><span class="soft">${say(long ? 'outbox.lms' : 'outbox.sms')}</span></figcaption>
      <div class="bubble">
        ${long && html`<label class="subject"><input type="text" maxlength="80" value=${title} placeholder=${title ? '' : look?.subject} aria-label=${say('compose.title')}
            onInput=${(/** @type {InputEvent} */ event) => onTitle(/** @type {HTMLInputElement} */ (event.target).value)}
            onKeyDown=${(/** @type {KeyboardEvent} */ event) => { if (event.key === 'Enter' && !event.isComposing && !event.repeat) { event.preventDefault(); onSend(); } }} />
          <span class=${`soft${look && look.subject_bytes > TITLE_BYTES ? ' over' : ''}`}>${look?.subject_bytes ?? 0} / ${TITLE_BYTES}</span></label>`}
        <p>${text ? html`<${Linked} text=${text.slice(0, end)} />${long && end < text.length && html`<i class="short-end" title=${say('compose.short_end')}></i>`}<${Linked} text=${text.slice(end, cut)} />` : html`<span class="soft">${say('compose.nothing')}</span>`}${cut < text.length && html`<s>${text.slice(cut)}</s>`}</p>
      </div>
      ${long && html`<p class="soft legend"><i class="short-end"></i> ${say('compose.short_end')}</p>`}
    </figure>`;
}

/** @param {{text: string}} props */
function Linked({ text }) {
  return pieces(text, text.match(LINKS) ?? []).map(({ link, piece }) => (link ? html`<a href=${piece} target="_blank" rel="noopener noreferrer" tabindex="-1">${piece}</a>` : piece));
}
