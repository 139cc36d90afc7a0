// The text as it will lie on the phone: from whom, title, bubble, links as links, and where a short one would end.
import { grouped } from './format.js';
import { say } from './messages.js';
import { pieces } from './outbox.js';
import { html } from './view.js';

const LINKS = /https?:\/\/[^\s)>\]]+/g;

/** @param {{look: import('./types.js').TextLook | null, sender: string}} props */
export function Preview({ look, sender }) {
  const text = look?.carried ?? '';
  const long = look?.kind === 'lms';
  const end = long ? look?.sms_end ?? 0 : text.length;
  const cut = look?.lms_end ?? text.length;
  return html`
    <figure class="preview" aria-label=${say('compose.preview')}>
      <figcaption><b>${sender ? grouped(sender) : say('compose.preview')}</b><span class="soft">${say(long ? 'outbox.lms' : 'outbox.sms')}</span></figcaption>
      <div class="bubble">
        ${long && look?.subject && html`<p class="subject">${look.subject}</p>`}
        <p>${text ? html`<${Linked} text=${text.slice(0, end)} />${long && end < text.length && html`<i class="short-end" title=${say('compose.short_end')}></i>`}<${Linked} text=${text.slice(end, cut)} />` : html`<span class="soft">${say('compose.nothing')}</span>`}${cut < text.length && html`<s>${text.slice(cut)}</s>`}</p>
      </div>
      ${long && html`<p class="soft legend"><i class="short-end"></i> ${say('compose.short_end')}</p>`}
    </figure>`;
}

/** @param {{text: string}} props */
function Linked({ text }) {
  return pieces(text, text.match(LINKS) ?? []).map(({ link, piece }) => (link ? html`<a href=${piece} target="_blank" rel="noopener noreferrer" tabindex="-1">${piece}</a>` : piece));
}
