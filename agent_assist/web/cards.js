// What to answer: one card open, the others one line each.
import { useEffect } from 'preact/hooks';
import { signal } from '@preact/signals';
import { Body } from './body.js';
import { copy } from './clipboard.js';
import { again, entryOf } from './entries.js';
import { grouped, shortDate } from './format.js';
import { HandKeys } from './hand_keys.js';
import { call } from './house.js';
import { language, say } from './messages.js';
import { Panel, panel } from './panel.js';
import { Empty, Key, WithKey, html } from './view.js';

/** @typedef {import('./types.js').Suggestion} Suggestion */

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
            onClose=${cards.pinned ? () => call.value?.release() : undefined} closeWord=${say('cards.unpin')} />`
        : html`<${ClosedCard} key=${card.id} card=${card} mark=${String(i + 1)} onOpen=${() => openCard(i)} />`))}
      ${!shown.length && html`
        <${Empty} title=${say('cards.none')}><${WithKey} text=${say(call.value ? 'cards.none_next' : 'cards.none_idle')} name="/" /><//>`}
      ${panel.value && html`<${Panel} />`}
    </section>`;
}

/** @param {Suggestion} result */
export function openFound(result) {
  found.value = result;
  location.hash = '#/'; // where the cards are
}

/** @param {number} place from 0 */
export function openCard(place) {
  const card = call.value?.cards.value.shown[place];
  if (!card) return;
  again(card.id);
  found.value = null;
  call.value?.open(card.id);
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
    <button class="card closed" onClick=${onOpen}>
      <${Key}>${mark}<//>
      <span class="card-title">${card.title}</span>
      <span class="why">${card.words.length ? card.words.join(' · ') : card.department}</span>
    </button>`;
}

/**
 * @param {{card: Suggestion, mark: string, hand?: boolean, onClose?: () => void, closeWord: string}} props
 *   hand: may be put into the caller's hand
 */
export function OpenCard({ card, mark, hand, onClose, closeWord }) {
  const { entry, failed } = entryOf(card.id).value;
  const { department, person, deputy, phone } = entry ?? card;
  return html`
    <article class="card open" data-card=${card.id}>
      <header>
        ${mark && html`<${Key}>${mark}<//>`}
        <h3>${card.title}</h3>
        ${onClose && html`<button class="quiet" onClick=${onClose}>${closeWord} <${Key}>Esc<//></button>`}
      </header>
      <p class="why">
        ${card.words.length > 0 && html`<span>${say('cards.why')} ${card.words.map((word, i) => [i > 0 && ' · ', html`<mark>${word}</mark>`])}</span>`}
        ${card.words.length === 0 && card.category && html`<span>${card.category.split('>').join(' › ')}</span>`}
        ${entry?.updated && html`<span>${say('cards.updated', { date: shortDate(entry.updated, language.value) })}</span>`}
      </p>
      ${(department || phone) && html`
        <div class="contact">
          <p class="department">${department}</p>
          ${phone && html`<p class="phone" aria-label=${`${say('cards.phone')} ${grouped(phone)}`}>${grouped(phone)}</p>`}
          <p class="people">
            ${person && html`<span>${say('cards.person', { name: person })}</span>`}
            ${deputy && html`<span>${say('cards.deputy', { name: deputy })}</span>`}
          </p>
          ${phone && html`<button class="quiet copy" onClick=${() => copy(grouped(phone))}>${say('cards.copy')} <${Key}>C<//></button>`}
        </div>`}
      ${hand && call.value && html`<${HandKeys} card=${card} />`}
      <div class="content" tabindex="0">
        ${!entry && html`<p class="soft">${say(failed ? 'cards.failed' : 'cards.loading')}</p>`}
        ${entry && entry.procedure.length > 0 && html`
          <h4>${say('cards.steps')}</h4>
          <ol>${entry.procedure.map((step) => html`<li>${step}</li>`)}</ol>`}
        ${entry?.body && html`<h4>${say('cards.body')}</h4><${Body} text=${entry.body} />`}
      </div>
    </article>`;
}
