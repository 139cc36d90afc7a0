// When people call: hours across, weekdays down. A table, so that it can be read without seeing its colours.
import { say } from 'desk/office/words.js';
import { Empty, html } from 'desk/view.js';
import { amount } from './amounts.js';
import { weekday } from './periods.js';

/** @typedef {import('./types.js').Answer} Answer */

const DAYS = [1, 2, 3, 4, 5, 6, 7];
const STEPS = 6;

/** Mean contacts of each hour of the week. @param {Answer} told */
function means(told) {
  const sums = DAYS.map(() => Array.from({ length: 24 }, () => 0));
  const days = DAYS.map(() => new Set());
  for (const line of told.lines) {
    const [day, hour] = line.bucket.split('T');
    const row = weekday(day) - 1;
    days[row].add(day);
    sums[row][Number(hour.slice(0, 2))] += line.figures[0].numerator;
  }
  return sums.map((row, i) => row.map((sum) => (days[i].size ? sum / days[i].size : null)));
}

/** @param {{told: Answer}} props */
export function Heat({ told }) {
  const rows = means(told);
  const most = Math.max(0, ...rows.flat().map((mean) => mean ?? 0));
  if (most === 0) return html`<${Empty} title=${say('statistics.nobody')} />`;
  const hours = Array.from({ length: 24 }, (_, hour) => hour);
  return html`
    <div class="scrolls of-heat" tabindex="0">
      <table class="heat"><caption class="heard-out">${say('statistics.heat')}</caption>
        <thead><tr><td></td>${hours.map((hour) => html`<th scope="col">${hour}</th>`)}</tr></thead>
        <tbody>${rows.map((row, i) => html`
          <tr key=${i}><th scope="row">${say(`weekday.${i + 1}`)}</th>
            ${row.map((mean) => html`<td data-heat=${mean === null ? '' : Math.ceil((mean / most) * STEPS)}>${mean === null ? '' : amount(mean < 10 ? Number(mean.toFixed(1)) : Math.round(mean), 'count')}</td>`)}</tr>`)}
        </tbody></table>
    </div>`;
}
