// The draft of a call's record: what was wanted, what was answered, what is to be done. A draft until somebody has read it.
import { copyAs } from './clipboard.js';
import { entryOf } from './entries.js';
import { HeardList, inWords } from './heard.js';
import { say } from './messages.js';
import { Sure } from './sure.js';
import { Key, html } from './view.js';

/** @typedef {import('./types.js').RecordDraft} RecordDraft */

/** @param {{draft: RecordDraft, withKey?: boolean}} props */
export function Draft({ draft, withKey }) {
  const { category, sure, need, answer, cards, values, follow_ups: follow } = draft;
  return html`
    <div class="draft">
      <p class="draft-note"><b>${say('draft.badge')}</b> ${say('draft.note')}</p>
      <dl>
        <dt>${say('draft.category')}</dt>
        <dd>${category ? html`${levels(category)} <${Sure} score=${sure} />` : html`<span class="soft">${say('draft.no_category')}</span>`}</dd>
        <dt>${say('draft.need')}</dt><dd>${need || html`<span class="soft">${say('draft.nothing')}</span>`}</dd>
        <dt>${say('draft.answer')}</dt><dd>${answer || html`<span class="soft">${say('draft.nothing')}</span>`}</dd>
        ${cards.length > 0 && html`<dt>${say('draft.cards')}</dt><dd><ul>${cards.map((id) => html`<li key=${id}>${titleOf(id)}</li>`)}</ul></dd>`}
        ${values.length > 0 && html`<dt>${say('draft.values')}</dt><dd><${HeardList} values=${values} /></dd>`}
        ${follow.length > 0 && html`<dt>${say('draft.follow_ups')}</dt><dd><ul>${follow.map((one) => html`<li key=${one}>${one}</li>`)}</ul></dd>`}
      </dl>
      <p class="send"><button class="main" data-first onClick=${() => copyDraft(draft)}>${say('draft.copy')} ${withKey && html`<${Key}>Enter<//>`}</button></p>
    </div>`;
}

/** @param {string} category */
const levels = (category) => category.split('>').join(' › ');

/** @param {string} id */
const titleOf = (id) => entryOf(id).value.entry?.title ?? id;

/** @param {RecordDraft} draft */
export function copyDraft(draft) {
  return copyAs(asText(draft), say('draft.copied'));
}

/** As plain lines, for another system. @param {RecordDraft} draft */
export function asText({ category, need, answer, cards, values, follow_ups: follow }) {
  /** @type {[string, string][]} */
  const lines = [
    ['category', levels(category)], ['need', need], ['answer', answer],
    ['cards', cards.map(titleOf).join(', ')],
    ['values', values.map((value) => `${say(`chips.${value.kind}`)} ${inWords(value)}`).join(', ')],
    ['follow_ups', follow.join(' ')],
  ];
  return lines.filter(([, text]) => text).map(([name, text]) => `${say(`draft.${name}`)}: ${text}`).join('\n');
}
