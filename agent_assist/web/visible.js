// The caller's own screen ('visible ARS') beside the call: whether there is a page, where the caller is, what was given.
import { useEffect, useRef } from 'preact/hooks';
import { photo } from './api.js';
import { use } from './clipboard.js';
import { grouped, timeOfDay } from './format.js';
import { say } from './messages.js';
import { openPhoto, togglePicker } from './panel.js';
import { given, isLink, linkSent, page, trail, valueAt } from './visit.js';
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
  return html`
    <p class=${`page-state ${state}`} role="status"><b>${say(`visit.page.${state}`)}</b>${way && ` · ${way}`}${tongue && html` · <b>${tongue}</b>`}</p>
    <p class="link-state soft">${link && state !== 'open' && state !== 'over' ? html`${say(`visit.link.${link.state}`)} <time>${timeOfDay(link.at)}</time>${link.reason && html` <b>${link.reason}</b>`}` : ''}</p>`;
}

/** @param {{visit: Visit, live: boolean}} props */
function Trail({ visit, live }) {
  const steps = trail(visit);
  const cause = visit.here?.cause ?? 'start';
  return html`
    <ol class="path trail">
      ${steps.map((title, i) => {
        const last = i === steps.length - 1;
        return html`
          <li key=${`${i} ${title}`} class=${last ? 'last' : ''}>
            <span>${title || '…'}${last && html` <small>${live && say('visit.now')}${cause !== 'start' && `${live ? ' · ' : ''}${say(`visit.cause.${cause}`)}`}</small>`}</span>
          </li>`;
      })}
    </ol>`;
}

/** What came by the page: forms, pictures, messages, a callback. @param {{visit: Visit, live: boolean}} props */
export function Given({ visit, live }) {
  const end = useRef(/** @type {HTMLDivElement | null} */ (null));
  const forms = given(visit);
  const texts = visit.messages.filter((message) => !isLink(message));
  const count = visit.forms.length + visit.photos.length + texts.length + (visit.callback ? 1 : 0);
  const before = useRef(count);
  useEffect(() => {
    // Something new is brought into sight, unless she is busy in there.
    if (live && count > before.current && !end.current?.closest('.pane')?.contains(document.activeElement)) {
      end.current?.scrollIntoView({ block: 'nearest' });
    }
    before.current = count;
  }, [count]);
  return html`
    ${forms.map((form) => html`
      <section class="given" key=${form.screen} aria-label=${form.title}>
        <h3>${form.title} <time>${timeOfDay(form.at)}</time></h3>
        <div class="values">${form.values.map((value) => html`<${Value} key=${value.field} value=${value} live=${live} />`)}</div>
      </section>`)}
    ${visit.photos.length > 0 && html`
      <section class="given">
        <h3>${say('visit.photos', { count: visit.photos.length })} ${live && html`<${Key}>P<//>`}</h3>
        <p class="thumbs">${visit.photos.map((one, i) => html`<${Thumb} key=${one.photo_id} id=${one.photo_id} place=${i} live=${live} />`)}</p>
      </section>`}
    ${texts.length > 0 && html`
      <section class="given">
        <h3>${say('visit.texts')}</h3>
        <ul class="texts">${texts.map((message) => html`
          <li key=${message.message_id}>
            <b>${say(`message.${message.state}`)}</b> <time>${timeOfDay(message.at)}</time>
            <span>${message.reason || message.text}</span>
          </li>`)}
        </ul>
      </section>`}
    ${visit.callback && html`
      <section class="given">
        <h3>${say('visit.callback')}</h3>
        <p><b>${grouped(visit.callback.number)}</b> · ${say(`callback.${visit.callback.state}`)}${visit.callback.position > 0 && ` · ${say('callback.position', { position: visit.callback.position })}`}</p>
      </section>`}
    <div ref=${end}></div>`;
}

/** @param {{value: import('./visit.js').Value, live: boolean}} props */
function Value({ value: { kind, label, value, number, place }, live }) {
  if (kind === 'secret') return html`<p class="value"><small>${label}</small><span class="soft">${say('visit.secret')}</span></p>`;
  if (kind === 'photo' && !live) return html`<p class="value"><small>${label}</small><span>${say('photo.alt', { number: place + 1 })}</span></p>`;
  if (kind === 'photo') return html`<button class="value" onClick=${() => openPhoto(place)}><small>${label}</small><span>${say('photo.alt', { number: place + 1 })}</span></button>`;
  return html`
    <button class="value" title=${say('visit.copy')} onClick=${() => use(shown(value))}>
      <small>${label} ${live && number > 0 && html`<${Key}>Alt ${number}<//>`}</small><span>${shown(value)}</span>
    </button>`;
}

/** @param {{id: string, place: number, live: boolean}} props */
function Thumb({ id, place, live }) {
  const image = html`<img src=${photo(id, true)} alt=${say('photo.alt', { number: place + 1 })} />`;
  if (live) return html`<button class="thumb" onClick=${() => openPhoto(place)}>${image}</button>`;
  return html`<a class="thumb" href=${photo(id)} target="_blank" rel="noopener">${image}</a>`;
}

/** @param {string} value As the menu keeps it. */
function shown(value) {
  if (value === 'yes' || value === 'no') return say(`value.${value}`);
  return /^0\d{8,10}$/.test(value) ? grouped(value) : value;
}

/**
 * Alt+1 to Alt+9: the value into the field that she writes in, else copied.
 * @param {Visit} visit
 * @param {number} number
 */
export function useValue(visit, number) {
  const value = valueAt(visit, number);
  if (value) use(shown(value));
}
