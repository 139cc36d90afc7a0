// The caller's own screen ('visible ARS') beside the call: whether there is a page, where the caller is, what was given.
import { useEffect, useRef } from 'preact/hooks';
import { photo } from './api.js';
import { use } from './clipboard.js';
import { grouped, timeOfDay } from './format.js';
import { say } from './messages.js';
import { openPhoto, togglePicker } from './panel.js';
import { shown } from './shown.js';
import { Again } from './text_again.js';
import { back } from './text_undo.js';
import { given, isLink, linkSent, page, trail } from './visit.js';
import { Key, html } from './view.js';

/** @typedef {import('./visit.js').Visit} Visit */

/** @param {{visit: Visit, live: boolean}} props */
export function Visible({ visit, live }) {
  return html`
    <div class="visible">
      <header>
        <h2>${say('visit.heading')}</h2>
        ${live && html`<button class="quiet" onClick=${togglePicker}>${say('visit.send')} <${Key}>F8<//></button>`}
      </header>
      <${PageLine} visit=${visit} />
      <${Trail} visit=${visit} live=${live} />
    </div>`;
}

/** @param {{visit: Visit}} props Two lines, always: nothing below may move. */
function PageLine({ visit }) {
  const state = page(visit);
  const link = linkSent(visit);
  const way = state === 'none' ? '' : say(`visit.way.${visit.way}`);
  const tongue = visit.language === 'ko' ? '' : say(`language.${visit.language}`);
  const shown = state === 'none' || state === 'lost' ? link : null;
  return html`
    <p class=${`page-state ${state}`} role="status"><b>${say(`visit.page.${state}`)}</b>${way && ` · ${way}`}</p>
    <p class="link-state soft">${tongue && html`<b>${tongue}</b>`}${tongue && shown && ' · '}${shown && html`${say(`visit.link.${shown.state}`)} <time>${timeOfDay(shown.at)}</time>`}</p>`;
}

/** @param {{visit: Visit, live: boolean}} props */
function Trail({ visit, live }) {
  const steps = trail(visit);
  const cause = visit.here?.cause ?? 'start';
  const now = live && visit.state !== 'ended' ? say('visit.now') : '';
  return html`
    <ol class="path trail">
      ${steps.map((title, i) => {
        const last = i === steps.length - 1;
        return html`
          <li key=${`${i} ${title}`} class=${last ? 'last' : ''}>
            <span title=${title}>${title || '…'}${last && html` <small>${[now, cause !== 'start' && say(`visit.cause.${cause}`)].filter(Boolean).join(' · ')}</small>`}</span>
          </li>`;
      })}
    </ol>`;
}

/** What came by the page: forms, pictures; messages to the caller; a callback. @param {{visit: Visit, live: boolean, places?: string[]}} props */
export function Given({ visit, live, places }) {
  const box = useRef(/** @type {HTMLDivElement | null} */ (null));
  const forms = given(visit, places);
  // A link's way is told above; one that failed says here why.
  const texts = visit.messages.filter((message) => !isLink(message) || message.state === 'failed');
  const failed = texts.filter(({ state }) => state === 'failed');
  const last = { photos: visit.photos.at(-1)?.at ?? '', texts: failed.map(({ at }) => at).sort().at(-1) ?? '', callback: visit.callback?.at ?? '' };
  const newest = [...forms.map(({ at }) => at), ...Object.values(last)].sort().at(-1);
  const first = useRef(true);
  useEffect(() => {
    // What the caller has just given, or what failed, is brought into sight, unless she is busy in there.
    const busy = box.current?.parentElement?.contains(document.activeElement);
    if (live && !first.current && !busy) box.current?.querySelector(`[data-at="${newest}"]`)?.scrollIntoView({ block: 'nearest' });
    first.current = false;
  }, [newest]);
  return html`<div ref=${box}>
    ${forms.map((form) => html`
      <section class="given" key=${form.screen} data-at=${form.at} aria-label=${form.title}>
        <h3>${form.title} <time>${timeOfDay(form.at)}</time></h3>
        <div class="values">${form.values.map((value) => html`<${Value} key=${value.field} value=${value} live=${live} />`)}</div>
      </section>`)}
    ${visit.photos.length > 0 && html`
      <section class="given" data-at=${last.photos}>
        <h3>${say('visit.photos', { count: visit.photos.length })} ${live && html`<${Key}>P<//>`}</h3>
        <p class="thumbs">${visit.photos.map((one, i) => html`<${Thumb} key=${one.photo_id} id=${one.photo_id} place=${i} live=${live} />`)}</p>
      </section>`}
    ${texts.length > 0 && html`
      <section class="given" data-at=${last.texts}>
        <h3>${say('visit.texts')}</h3>
        <ul class="texts">${texts.map((message) => html`
          <li key=${message.message_id} class=${message.state}>
            <b>${say(isLink(message) ? 'visit.link.failed' : `message.${message.state === 'waiting' ? message.reason : message.state}`)}</b> <time>${timeOfDay(message.at)}</time>
            ${message.by.startsWith('rule:') && html` <small>${say('visit.by_rule')}</small>`}
            <span title=${message.text}>${(message.state === 'failed' && message.reason) || message.text}</span>
            ${live && message.state === 'waiting' && html`<button class="quiet" onClick=${() => back(message.message_id)}>${say('compose.take_back')}</button>`}
            ${live && message.state === 'failed' && !isLink(message) && html`<${Again} id=${message.message_id} />`}
          </li>`)}
        </ul>
      </section>`}
    ${visit.callback && html`
      <section class="given" data-at=${last.callback}>
        <h3>${say('visit.callback')}</h3>
        <p><b>${grouped(visit.callback.number)}</b> · ${say(`callback.${visit.callback.state}`)}${visit.callback.position > 0 && ` · ${say('callback.position', { position: visit.callback.position })}`}</p>
      </section>`}
  </div>`;
}

/** @param {{value: import('./visit.js').Value, live: boolean}} props */
function Value({ value: { kind, label, value, number, place }, live }) {
  if (kind === 'secret') return html`<p class="value"><small>${label}</small><span class="soft">${say('visit.secret')}</span></p>`;
  if (kind === 'photo' && !live) return html`<p class="value"><small>${label}</small><span>${say('photo.alt', { number: place + 1 })}</span></p>`;
  if (kind === 'photo') return html`<button class="value" onClick=${() => openPhoto(place)}><small>${label}</small><span>${say('photo.alt', { number: place + 1 })}</span></button>`;
  return html`
    <button class="value" title=${say('visit.copy')} onClick=${() => use(shown(value))}>
      <small>${live && number > 0 && html`<${Key}>Alt ${number}<//> `}${label}</small><span>${shown(value)}</span>
    </button>`;
}

/** @param {{id: string, place: number, live: boolean}} props */
function Thumb({ id, place, live }) {
  const image = html`<img src=${photo(id, true)} alt=${say('photo.alt', { number: place + 1 })} />`;
  if (live) return html`<button class="thumb" onClick=${() => openPhoto(place)}>${image}</button>`;
  return html`<a class="thumb" href=${photo(id)} target="_blank" rel="noopener">${image}</a>`;
}
