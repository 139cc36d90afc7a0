// Months for the public: what is published is counted, small cells hidden, by the server.
import { useState } from 'preact/hooks';
import { Field, typed } from 'desk/office/page.js';
import { say } from 'desk/office/words.js';
import { html } from 'desk/view.js';
import { plus } from '../statistics/periods.js';

/** The last day of a month. @param {string} month */
function lastOf(month) {
  const [year, number] = month.split('-').map(Number);
  return plus(number === 12 ? `${year + 1}-01-01` : `${year}-${String(number + 1).padStart(2, '0')}-01`, -1);
}

/** @param {{today: string}} props */
export function OpenData({ today }) {
  const newest = plus(`${today.slice(0, 8)}01`, -1).slice(0, 7);
  const [first, setFirst] = useState(newest);
  const [last, setLast] = useState(newest);
  const [reason, setReason] = useState('');
  const right = first && last && first <= last && last <= newest;
  return html`
    <section class="form" aria-labelledby="open-title">
      <h2 id="open-title">${say('reports.open')}</h2>
      <p class="soft">${say('reports.open_help')}</p>
      <div class="fields of-four">
        <${Field} label=${say('statistics.first')}><input type="month" value=${first} max=${newest} onChange=${(/** @type {Event} */ event) => setFirst(typed(event))} /><//>
        <${Field} label=${say('statistics.last')}><input type="month" value=${last} max=${newest} aria-invalid=${!right} onChange=${(/** @type {Event} */ event) => setLast(typed(event))} /><//>
        <${Field} label=${say('reports.reason')}><input type="text" maxlength="200" value=${reason} onInput=${(/** @type {Event} */ event) => setReason(typed(event))} /><//>
      </div>
      <div class="deeds">${right
        ? html`<a class="button main" download href=${`/records/api/reports/open-data.zip?${new URLSearchParams({ first: `${first}-01`, last: lastOf(last), reason })}`}>${say('reports.open_make')}</a>`
        : html`<button class="main" disabled>${say('reports.open_make')}</button>`}</div>
    </section>`;
}
