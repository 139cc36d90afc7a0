// What to answer: one card open, the others one line each; why they lie there, whether they can be trusted.
import { useEffect } from 'preact/hooks';
import { signal } from '@preact/signals';
import { attachment } from './api.js';
import { Body } from './body.js';
import { copy } from './clipboard.js';
import { accept, dismiss, keep, letGo, putAway, report, undo } from './deeds.js';
import { again, entryOf } from './entries.js';
import { grouped, shortDate } from './format.js';
import { HandKeys } from './hand_keys.js';
import { call, now } from './house.js';
import { language, say } from './messages.js';
import { Panel, openTransfer, panel, reportWrong, writeText } from './panel.js';
import { Sure } from './sure.js';
import { TextUndo, undoText, undoable } from './text_undo.js';
import { canPassOn, inTalk } from './transfer.js';
import { Empty, Key, WithKey, html } from './view.js';

/** @typedef {import('./types.js').Suggestion} Suggestion */
/** @typedef {import('./types.js').ReadEntry} ReadEntry */

/** An entry that ends sooner than this says so. */
const SOON_MS = 14 * 24 * 3600 * 1000;

/** The entry that she opened from the search, above the suggestions until she closes it. */
export const found = signal(/** @type {Suggestion | null} */ (null));

export function CardColumn() {
  const cards = call.value?.cards.value;
  const shown = cards?.shown ?? [];
  const search = found.value;
  return html`
    <section class=${`cards${panel.value ? ' covered' : ''}`} aria-label=${say('cards.heading')}>
      ${search && html`
        <h2>${say('cards.found')}</h2>
        <${OpenCard} card=${search} mark="" hand=${true} onClose=${() => { found.value = null; }} closeWord=${say('help.close')} />`}
      <h2>${say('cards.heading')}</h2>
      ${shown.map((card, i) => (!search && card.id === cards?.open
        ? html`<${OpenCard} key=${card.id} card=${card} mark=${String(i + 1)} hand=${true}
            onClose=${cards.pinned ? letGo : undefined} closeWord=${say('cards.unpin')} />`
        : html`<${ClosedCard} key=${card.id} card=${card} mark=${String(i + 1)} onOpen=${() => openCard(i)} />`))}
      ${!shown.length && html`
        <${Empty} title=${say('cards.none')}><${WithKey} text=${say(call.value ? 'cards.none_next' : 'cards.none_idle')} name="/" /><//>`}
      ${putAway.value?.call === call.value && putAway.value && html`
        <p class="put-away" role="status"><span>${say('cards.put_away', { title: putAway.value.card.title })}</span>
          <button class="quiet" onClick=${undo}>${say('cards.undo')} ${!undoable.value && html`<${Key}>Z<//>`}</button></p>`}
      <${TextUndo} onUndo=${() => undoText(writeText)} />
      ${panel.value && html`<${Panel} />`}
    </section>`;
}

/** @param {Suggestion} result */
export function openFound(result) {
  found.value = result;
  if (!location.hash.startsWith('#/texts/')) location.hash = '#/'; // where the cards are
  report(result, 'opened');
}

/** @param {number} place from 0 */
export function openCard(place) {
  const card = call.value?.cards.value.shown[place];
  if (!card) return;
  again(card.id);
  found.value = null;
  call.value?.open(card.id);
  report(card, 'opened');
}

/** The card that lies open, if any. */
export function openOne() {
  const cards = call.value?.cards.value;
  return found.value ?? cards?.shown.find(({ id }) => id === cards.open) ?? null;
}

/** Copy the open card's number. */
export function copyOpen() {
  const card = openOne();
  if (card?.phone) copy(grouped(card.phone));
}

/** @param {{card: Suggestion, mark: string, onOpen: () => void}} props */
function ClosedCard({ card, mark, onOpen }) {
  useEffect(() => { entryOf(card.id); }, [card.id]);
  return html`
    <button class=${`card closed${card.tentative ? ' tentative' : ''}`} onClick=${onOpen}>
      <${Key}>${mark}<//>
      <span class="card-title">${card.title}</span>
      <${Sure} score=${card.score} />
      <span class="why">${card.words.length ? card.words.join(' · ') : card.department}</span>
    </button>`;
}

/**
 * @param {{card: Suggestion, mark: string, hand?: boolean, onClose?: () => void, closeWord: string}} props
 *   hand: may be put into the caller's hand
 */
export function OpenCard({ card, mark, hand, onClose, closeWord }) {
  const { entry, failed } = entryOf(card.id).value;
  const live = hand && call.value !== null;
  return html`
    <article class=${`card open${card.tentative ? ' tentative' : ''}`} data-card=${card.id}>
      <header>
        ${mark && html`<${Key}>${mark}<//>`}
        <h3>${card.title}</h3>
        ${onClose && html`<button class="quiet" onClick=${onClose}>${closeWord} <${Key}>Esc<//></button>`}
      </header>
      <p class="why">
        <${Why} card=${card} />
        ${mark && html`<${Sure} score=${card.score} />`}
      </p>
      <${Meta} card=${card} entry=${entry} />
      <${Contact} card=${card} entry=${entry} />
      ${live && html`<${HandKeys} card=${card} />`}
      ${live && card.phone && inTalk.value && html`<button class="pass-on" disabled=${!canPassOn.value} onClick=${() => openTransfer(card)}>${say('transfer.pass_on')} <${Key}>T<//></button>`}
      ${hand && html`<${Deeds} card=${card} suggested=${mark !== ''} />`}
      <div class="content" tabindex="0">
        ${!entry && html`<p class="soft">${say(failed ? 'cards.failed' : 'cards.loading')}</p>`}
        ${entry && html`<${Content} entry=${entry} />`}
      </div>
    </article>`;
}

/** Why it lies here, in words. @param {{card: Suggestion}} props */
function Why({ card: { words, why = 'words', tentative, category } }) {
  if (!words.length && (why === 'words' || why === 'keyword' || why === 'context')) {
    return html`<span>${category.split('>').join(' › ')}</span>`;
  }
  const marked = words.map((word, i) => [i > 0 && ' · ', html`<mark>${word}</mark>`]);
  return html`<span>${say(tentative ? 'cards.tentative' : `cards.why.${why}`)} ${marked}</span>`;
}

/** Whether it may be trusted today: which version, when it was found right, whether somebody must look. @param {{card: Suggestion, entry: ReadEntry | null}} props */
function Meta({ card, entry }) {
  const version = entry?.version ?? card.version ?? 0;
  const today = new Date(now.value).toISOString().slice(0, 10);
  const due = entry?.review_by && entry.review_by < today;
  const ends = entry?.expires && Date.parse(entry.expires) - now.value < SOON_MS;
  return html`
    <p class="meta">
      ${[version > 0 && say('cards.version', { version }), entry?.updated && say('cards.updated', { date: shortDate(entry.updated, language.value) })].filter(Boolean).join(' · ')}
      ${due && html` <b class="badge">${say('cards.review_due')}</b>`}
      ${ends && html` <b class="badge">${say('cards.expires', { date: shortDate(/** @type {string} */ (entry.expires), language.value) })}</b>`}
    </p>`;
}

/** Who answers, today. @param {{card: Suggestion, entry: ReadEntry | null}} props */
function Contact({ card, entry }) {
  const { department, person, deputy, phone } = entry ?? card;
  const absent = entry ? entry.person_absent : card.absent;
  const hours = entry?.hours ?? '';
  if (!department && !phone) return null;
  return html`
    <div class="contact">
      <p class="department">${department}</p>
      ${phone && html`<p class="phone" aria-label=${`${say('cards.phone')} ${grouped(phone)}`}>${grouped(phone)}</p>`}
      <p class="people">
        ${absent && person ? html`
          ${deputy && html`<span class="answers">${say('cards.stands_in', { name: deputy })}</span>`}
          <span class="absent">${person} <b class="badge">${say('cards.absent')}</b></span>` : html`
          ${person && html`<span>${say('cards.person', { name: person })}</span>`}
          ${deputy && html`<span>${say('cards.deputy', { name: deputy })}</span>`}`}
      </p>
      ${phone && html`<button class="quiet copy" onClick=${() => copy(grouped(phone))}>${say('cards.copy')} <${Key}>C<//></button>`}
      ${hours && html`<p class="hours">${say('cards.hours')} ${hours}</p>`}
    </div>`;
}

/** What she thinks of the card. @param {{card: Suggestion, suggested: boolean}} props */
function Deeds({ card, suggested }) {
  const current = call.value;
  const talking = current !== null && !current.facts.value.ended;
  const used = current?.has(card.id, 'accepted') ?? false;
  const kept = current?.kept.value === card.id;
  return html`
    <p class="card-deeds">
      ${talking && html`<button class=${`quiet${used ? ' done' : ''}`} aria-pressed=${used} onClick=${() => accept(card)}>${used && '✓ '}${say('cards.accept')} <${Key}>A<//></button>`}
      ${talking && suggested && html`
        <button class="quiet" onClick=${() => dismiss(card)}>${say('cards.dismiss')} <${Key}>X<//></button>
        <button class=${`quiet${kept ? ' done' : ''}`} aria-pressed=${kept} onClick=${() => keep(card)}>${say('cards.keep')} <${Key}>K<//></button>`}
      <button class="quiet" onClick=${() => reportWrong(card)}>${say('cards.wrong')} <${Key}>E<//></button>
    </p>`;
}

/** @param {{entry: ReadEntry}} props */
function Content({ entry }) {
  const { id, procedure, shown, links = [], attachments = [] } = entry;
  return html`
    ${procedure.length > 0 && html`
      <h4>${say('cards.steps')}</h4>
      <ol>${procedure.map((step) => html`<li>${step}</li>`)}</ol>`}
    ${shown.length > 0 && html`<h4>${say('cards.body')}</h4><div class="body"><${Body} nodes=${shown} /></div>`}
    ${links.length > 0 && html`
      <h4>${say('cards.links')}</h4>
      <ul class="plain">${links.filter(({ url }) => /^https?:\/\//i.test(url)).map(({ title, url }) => html`<li><a href=${url} target="_blank" rel="noopener noreferrer">${title || url}</a></li>`)}</ul>`}
    ${attachments.length > 0 && html`
      <h4>${say('cards.files')}</h4>
      <ul class="plain">${attachments.map((file) => html`<li><a href=${attachment(id, file.id)} download=${file.name}>${file.name}</a> <span class="soft">${size(file.size)}</span></li>`)}</ul>`}`;
}

/** @param {number} bytes */
const size = (bytes) => (bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} KB` : `${(bytes / 1e6).toFixed(1)} MB`);
