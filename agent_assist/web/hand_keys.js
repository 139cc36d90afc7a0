// The open card's three ways to the caller: as a text message, as a screen, as the department's contact.
import { report } from './deeds.js';
import { hindrance, inWords, show } from './hand.js';
import { call, tell } from './house.js';
import { say } from './messages.js';
import { writeText } from './panel.js';
import { Key, html } from './view.js';

/** @typedef {import('./types.js').Suggestion} Suggestion */

/** Without a card: a text of her own. @param {Suggestion | null} card */
export function cardAsText(card) {
  const reason = hindrance('text');
  if (reason && reason !== 'not_a_mobile') tell(inWords(reason));
  else writeText(card); // one without a mobile number is asked for it there
}

/** @param {Suggestion | null} card */
export async function cardAsScreen(card) {
  if (card && await show({ kind: 'card', id: card.id }, card.title)) report(card, 'sent');
}

/** @param {Suggestion | null} card */
export async function cardAsContact(card) {
  if (card?.phone && await show({ kind: 'contact', id: card.id }, card.department || card.title)) report(card, 'sent');
}

/** @param {{card: Suggestion}} props */
export function HandKeys({ card }) {
  const [text, page] = [hindrance('text'), hindrance('page')];
  const { way, ended } = call.value?.facts.value ?? {};
  const byPage = way !== 'written'; // who writes has no page of ours
  if (!byPage && ended) return null; // whoever writes again opens a new contact
  // Never disabled: a press on one that cannot work says why, and what to do instead.
  return html`
    <p class="hand-keys">
      <button class=${text ? 'not-now' : ''} aria-disabled=${text !== '' && text !== 'not_a_mobile'} onClick=${() => cardAsText(card)}>${say('hand.text')} <${Key}>F2<//></button>
      ${byPage && html`<button class=${page ? 'not-now' : ''} aria-disabled=${page !== ''} onClick=${() => cardAsScreen(card)}>${say('hand.screen')} <${Key}>F3<//></button>`}
      ${byPage && card.phone && html`<button class=${page ? 'not-now' : ''} aria-disabled=${page !== ''} onClick=${() => cardAsContact(card)}>${say('hand.contact')} <${Key}>F4<//></button>`}
    </p>`;
}
