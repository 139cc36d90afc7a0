// One text of a conversation: theirs to the left, ours to the right, with its time and how far it is.
import { photo } from './api.js';
import { timeOfDay } from './format.js';
import { LINK } from './marks.js';
import { known, say } from './messages.js';
import { Again } from './text_again.js';
import { back } from './text_undo.js';
import { restoreAnswer } from './threads_answer_text.js';
import { enlarge } from './threads_photo.js';
import { html } from './view.js';

/** @param {{said: import('./types.js').SaidText, here: string, words: string}} props here: the contact that is open; words: what is searched for */
export function Bubble({ said, here, words }) {
  const { by, photos, refused, contact_id: contact, name, at } = said;
  const text = by === 'house' ? said.text.replace(LINK, say('threads.link')) : said.text;
  const hit = words !== '' && text.toLowerCase().includes(words);
  return html`
    <article class=${`sms ${by}${contact === here ? '' : ' earlier'}${hit ? ' found' : ''}`} aria-label=${say(`threads.from.${by}`, { name })}>
      ${by !== 'them' && html`<p class="who">${by === 'agent' ? name : say('threads.automatic')}</p>`}
      ${text && html`<p class="sms-words">${marked(text, hit ? words : '')}</p>`}
      ${photos.length > 0 && html`<p class="pictures">${photos.map((id, i) => html`
        <button key=${id} class="thumb" onClick=${() => enlarge(photos, i)} aria-label=${say('photo.alt', { number: i + 1 })}><img src=${photo(id, true)} alt="" loading="lazy" /></button>`)}</p>`}
      ${refused.map((code) => html`<p class="not-taken">${say(known(`threads.refused.${code}`) ? `threads.refused.${code}` : 'threads.refused.photo_failed')}</p>`)}
      <p class="meta"><time>${timeOfDay(at)}</time><${State} said=${said} /></p>
    </article>`;
}

/** @param {{said: import('./types.js').SaidText}} props */
function State({ said: { id, state, reason, by, text, contact_id: contact } }) {
  if (!state) return null;
  const mine = by === 'agent';
  return html`
    <span class=${`how ${state}`}>${say(`message.${state === 'waiting' ? reason : state}`)}${state === 'failed' && reason ? ` · ${reason}` : ''}</span>
    ${mine && state === 'waiting' && html`<button class="quiet" onClick=${async () => { if (await back(id)) restoreAnswer(contact, text); }}>${say('compose.take_back')}</button>`}
    ${mine && state === 'failed' && html`<${Again} id=${id} />`}`;
}

/** @param {string} text @param {string} words */
function marked(text, words) {
  if (!words) return text;
  const place = text.toLowerCase().indexOf(words);
  return [text.slice(0, place), html`<mark>${text.slice(place, place + words.length)}</mark>`, text.slice(place + words.length)];
}
