// Topics that rise more than chance explains, of the last seven whole days.
import { say } from 'desk/office/words.js';
import { Empty, html } from 'desk/view.js';
import { levels } from '../terms.js';
import { look } from './address.js';
import { amount } from './amounts.js';

const MOST = 6;

/** @param {{told: import('./types.js').Risen}} props */
export function RisingTopics({ told }) {
  if (!told.enough) return html`<${Empty} title=${say('statistics.rising.early')} />`;
  if (told.topics.length === 0) return html`<${Empty} title=${say('statistics.rising.none')}>${say('statistics.rising.none_next', { windows: told.windows })}<//>`;
  return html`
    <ol class="lines of-rising">
      ${told.topics.slice(0, MOST).map((one) => html`
        <li key=${one.topic}>
          <button class="line" onClick=${() => look({ period: 'days', first: told.first, last: told.last, category: one.topic })}>
            <span class="title">${levels(one.topic)}</span>
            <span class="n"><b>${amount(one.count, 'count')}</b> <span class="soft">${say('statistics.rising.expected', { count: amount(Math.round(one.expected), 'count') })}</span></span>
          </button></li>`)}
    </ol>`;
}
