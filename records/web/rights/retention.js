// What is kept how long, what the purge destroyed, and what it would destroy now.
import { get, part, post } from 'desk/office/ask.js';
import { confirm } from 'desk/office/confirm.js';
import { shown, useLoaded } from 'desk/office/loaded.js';
import { tell } from 'desk/office/notice.js';
import { Page } from 'desk/office/page.js';
import { figure, moment, say } from 'desk/office/words.js';
import { Empty, html } from 'desk/view.js';
import { Progress, useWork } from './work.js';

/** @typedef {import('./types.js').Report} Report */
/** @typedef {import('./types.js').Retention} Retention */

const MEGA = 1_000_000;

export function RetentionPage() {
  const [loaded, again] = useLoaded((signal) => get('rights/retention', {}, signal), []);
  const [work, begin] = useWork((over) => {
    again();
    if (over.state === 'done') tell(say(over.result.dry ? 'retention.counted' : 'retention.purged', { count: figure(sum(over.result, 'gone')) }));
  });
  const running = work?.state === 'running';
  const purge = async () => {
    const yes = await confirm({ title: say('retention.purge_ask'), text: say('retention.purge_text'), yes: say('retention.purge'), danger: true });
    if (yes !== null) await begin(() => post('rights/purge', { dry: false }));
  };
  return html`
    <${Page} name="retention" deeds=${html`
      <button disabled=${running} onClick=${() => begin(() => post('rights/purge', { dry: true }))}>${say('retention.dry')}</button>
      <button class="danger-quiet" disabled=${running} onClick=${purge}>${say('retention.purge')}</button>`}>
      <div class="verdict"><${Progress} work=${work} said=${say('retention.working')} /></div>
      ${shown(loaded, again, (/** @type {Retention} */ { terms, hour, reports }) => html`
        <table class="plain">
          <thead><tr><th>${say('retention.kind')}</th><th class="number">${say('retention.term')}</th><th>${say('retention.before')}</th></tr></thead>
          <tbody>${terms.map((term) => html`
            <tr key=${term.kind}><td>${say(`retention.kind.${term.kind}`)}<small class="soft">${say(`retention.why.${term.kind}`)}</small></td>
              <td class="number">${say('retention.days', { days: figure(term.days) })}</td><td>${moment(term.before)}</td></tr>`)}</tbody>
        </table>
        <p class="soft">${hour === null ? say('retention.by_hand') : say('retention.daily', { hour })}</p>
        <h2>${say('retention.reports')}</h2>
        ${reports.length === 0 ? html`<${Empty} title=${say('retention.no_reports')}>${say('retention.no_reports_next')}<//>` : html`
          <ul class="lines">${reports.map((report) => html`<${OneReport} key=${report.report_id} report=${report} />`)}</ul>`}`)}
    <//>`;
}

/** @param {Report} report @param {'gone' | 'held' | 'freed'} name */
const sum = (report, name) => report.kinds.reduce((total, each) => total + each[name], 0);

/** @param {{report: Report}} props */
function OneReport({ report }) {
  return html`
    <li class="record">
      <div>
        <p class="say">${moment(report.begun)} <span class=${report.state === 'done' ? 'badge' : 'badge late'}>${say(report.dry && report.state === 'done' ? 'retention.state.dry' : `retention.state.${report.state}`)}</span></p>
        <p class="soft">${[say('retention.gone', { count: figure(sum(report, 'gone')) }), say('retention.held', { count: figure(sum(report, 'held')) }),
          say('retention.freed', { count: figure(Math.round(sum(report, 'freed') / MEGA)) }), report.by === 'minwon' ? say('retention.by_itself') : report.by].join(' · ')}</p>
        <details><summary>${say('retention.by_kind')}</summary>
          <table class="plain"><tbody>${report.kinds.map((each) => html`
            <tr key=${each.kind}><td>${say(`retention.kind.${each.kind}`)}</td><td class="number">${say('retention.gone', { count: figure(each.gone) })}</td>
              <td class="number">${say('retention.held', { count: figure(each.held) })}</td><td class="number">${say('retention.left', { count: figure(each.left) })}</td></tr>`)}</tbody></table>
        </details>
      </div>
      <div class="deeds"><a class="button quiet" download href=${`/records/api/rights/reports/${part(report.report_id)}`}>${say('retention.csv')}</a></div>
    </li>`;
}
