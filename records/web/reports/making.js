// One report: which days, of whom, what for; made while she watches, and then hers.
import { useEffect, useState } from 'preact/hooks';
import { signal } from '@preact/signals';
import { get, part, post } from 'desk/office/ask.js';
import { act } from 'desk/office/notice.js';
import { Choices, Field, Select, typed } from 'desk/office/page.js';
import { half, say } from 'desk/office/words.js';
import { html } from 'desk/view.js';
import { plainOptions, terms } from '../terms.js';
import { spanOf } from '../statistics/periods.js';

/** @typedef {import('./types.js').Job} Job */
/** @typedef {import('./types.js').Desk} Desk */

const LOOK_MS = 500;
const PERIODS = ['yesterday', 'last_week', 'this_month', 'last_month', 'this_year'];
/** The one that is being made; stays while she looks at other pages. @type {import('@preact/signals').Signal<Job | null>} */
const running = signal(null);

/** @param {{desk: Desk, begin: {first: string, last: string} | null}} props */
export function Making({ desk, begin }) {
  const daysOf = (/** @type {string} */ period) => spanOf(period, desk.today, { first: '', last: '' });
  const usual = begin ?? daysOf('last_month');
  const [order, setOrder] = useState({ ...usual, department: '', reason: '' });
  const set = (/** @type {Partial<typeof order>} */ some) => setOrder({ ...order, ...some });
  const right = order.first && order.last && order.first <= order.last;
  const make = (/** @type {string} */ format) => act(async () => { running.value = await post('reports/jobs', { ...order, format }); });
  const period = PERIODS.find((name) => JSON.stringify(daysOf(name)) === JSON.stringify({ first: order.first, last: order.last })) ?? '';
  return html`
    <section class="form of-report" aria-labelledby="make-title">
      <h2 id="make-title">${say('reports.make')}</h2>
      <${Choices} label=${say('statistics.period')} value=${period} options=${PERIODS.map((value) => ({ value, label: say(`period.${value}`) }))}
        onChange=${(/** @type {string} */ name) => set(daysOf(name))} />
      <div class="fields of-four">
        <${Field} label=${say('statistics.first')}><input type="date" value=${order.first} max=${desk.today} onChange=${(/** @type {Event} */ event) => set({ first: typed(event) })} /><//>
        <${Field} label=${say('statistics.last')}><input type="date" value=${order.last} max=${desk.today} aria-invalid=${!right} onChange=${(/** @type {Event} */ event) => set({ last: typed(event) })} /><//>
        <${Field} label=${say('by.department')}><${Select} none=${say('any.department')} value=${order.department} options=${plainOptions(terms.value.departments)} onChange=${(/** @type {string} */ department) => set({ department })} /><//>
        <${Field} label=${say('reports.reason')}><input type="text" maxlength="500" value=${order.reason} placeholder=${say('reports.reason_hint')} onInput=${(/** @type {Event} */ event) => set({ reason: typed(event) })} /><//>
      </div>
      ${!desk.prints && html`<p class="band">${say('reports.no_chromium')} <code>apt-get install chromium</code></p>`}
      <div class="deeds">
        <button class="main" disabled=${!right || !desk.prints} onClick=${() => make('pdf')}>${say('reports.pdf')}</button>
        <button disabled=${!right} onClick=${() => make('xlsx')}>${say('reports.xlsx')}</button>
        ${right && html`<a class="button" target="_blank" rel="noopener" href=${`/records/api/reports/page?${new URLSearchParams({ first: order.first, last: order.last, department: order.department })}`}>${say('reports.page')}</a>`}
      </div>
      <${Progress} />
    </section>`;
}

/** How far it is, in a box that is always there: nothing jumps. */
function Progress() {
  const job = running.value;
  const busy = job?.state === 'waiting' || job?.state === 'running';
  useEffect(() => {
    if (!job || !busy) return undefined;
    const look = setTimeout(() => get(`reports/jobs/${part(job.job_id)}`).then((now) => { running.value = now; },
      (trouble) => { running.value = { ...job, state: 'failed', trouble: trouble.message }; }), LOOK_MS);
    return () => clearTimeout(look);
  }, [job]);
  useEffect(() => { if (job?.state === 'done') location.assign(file(job)); }, [job?.state]);
  return html`
    <div class="report-progress" aria-live="polite">
      ${job && busy && html`
        <progress max=${job.of || 1} value=${job.done} aria-label=${say('reports.making')}></progress>
        <p>${say('reports.making')} <button class="quiet" onClick=${() => act(async () => { running.value = await post(`reports/jobs/${part(job.job_id)}/stop`); })}>${say('page.cancel')}</button></p>`}
      ${job?.state === 'done' && html`<p>${say('reports.made')} <a href=${file(job)} download>${job.name}</a></p>`}
      ${job?.state === 'failed' && html`<p class="wrong" role="alert">${half(job.trouble)}</p>`}
      ${job?.state === 'stopped' && html`<p>${say('reports.stopped')}</p>`}
    </div>`;
}

/** @param {Job} job */
const file = (job) => `/records/api/reports/jobs/${part(job.job_id)}/file`;
