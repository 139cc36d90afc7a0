// The figures of each department, category, agent, week ...: a table, the largest first, every figure a key.
import { Choices } from 'desk/office/page.js';
import { may } from 'desk/office/me.js';
import { say } from 'desk/office/words.js';
import { Empty, html } from 'desk/view.js';
import { UNKNOWN, look, where, wish } from './address.js';
import { amount, bucketTitle, named, valueName } from './amounts.js';
import { openFigure } from './behind.js';
import { Box, pathOf, useSeen } from './figures.js';
import { length } from './periods.js';

/** @typedef {import('./types.js').Answer} Answer */
/** @typedef {import('./types.js').Span} Span */
/** @typedef {import('./types.js').Dimension} Dimension */

const COLUMNS = ['offered', 'answered', 'service_level', 'abandon_rate', 'asa', 'aht', 'talk', 'hold', 'wrap', 'fcr', 'satisfaction', 'texts', 'suggestion_use'];
const CUTS = ['clock', 'weekday', 'day', 'week', 'month'];
/** Longest span that is shown day by day. */
const DAYS = 400;
const MOST = '30';

/** What it may be broken down by. @param {Span} span */
const ways = (span) => ['department', 'category', 'district', 'language', 'channel', 'queue', ...(may('supervisor') ? ['agent'] : []), ...CUTS.filter((cut) => cut !== 'day' || length(span) <= DAYS)];

/** @param {{span: Span, live: boolean}} props */
export function Breakdown({ span, live }) {
  const by = ways(span).includes(wish.value.by) ? wish.value.by : 'department';
  const fields = /** @type {[string, string][]} */ ([['measures', COLUMNS.join(',')], ['first', span.first], ['last', span.last],
    ...(CUTS.includes(by) ? [['cut', by]] : [['by', by], ['most', MOST]]), ...where()]);
  const [seen, again] = useSeen(pathOf('query', fields), live);
  return html`
    <section class="breakdown" aria-labelledby="breakdown-title">
      <header><h2 id="breakdown-title">${say('statistics.breakdown')}</h2>
        <a class="button quiet" href=${`/records/api/${pathOf('query.csv', fields)}`} download>${say('statistics.csv')}</a>
        ${may('supervisor') && html`<a class="button quiet" href=${`/records/api/reports/table.xlsx?${new URLSearchParams(fields)}`} download>${say('statistics.xlsx')}</a>`}</header>
      <${Choices} label=${say('statistics.breakdown')} value=${by} onChange=${(/** @type {string} */ to) => look({ by: to })}
        options=${ways(span).map((value) => ({ value, label: say(`by.${value}`) }))} />
      <${Box} seen=${seen} again=${again} box="of-breakdown">${() => html`<${Lines} told=${seen.value} by=${by} span=${span} />`}<//>
    </section>`;
}

/** @param {{told: Answer, by: string, span: Span}} props */
function Lines({ told, by, span }) {
  const lines = told.lines.filter((line) => CUTS.includes(by) || line.figures.some((figure) => figure.numerator || figure.denominator));
  const most = Math.max(1, ...lines.filter((line) => line.value !== '*').map((line) => line.figures[0].numerator));
  if (lines.length === 0) return html`<${Empty} title=${say('statistics.nobody')}>${say('statistics.nobody_next')}<//>`;
  const narrow = (/** @type {string} */ value) => look({ [by]: value || UNKNOWN });
  const time = CUTS.includes(by);
  return html`
    <div class="scrolls" tabindex="0">
      <table class="cells"><caption class="heard-out">${say('statistics.breakdown')}</caption>
        <thead><tr><th scope="col">${say(`by.${by}`)}</th>${told.measures.map((measure) => html`<th scope="col" class="n">${named(measure)}</th>`)}</tr></thead>
        <tbody>
          ${[...lines, told.total].map((line) => {
            const all = line === told.total;
            const name = all ? say('statistics.all') : time ? bucketTitle(line.bucket) : valueName(by, line.value, told.labels);
            return html`
              <tr key=${`${line.bucket}|${line.value}|${all}`} class=${all ? 'all' : ''}>
                <th scope="row">${all || time || line.value === '*' ? html`<span class="cut" title=${name}>${name}</span>`
                  : html`<button class="quiet cut" title=${name} onClick=${() => narrow(line.value)}>${name}</button>`}
                  ${!all && line.value !== '*' && html`<span class="bar" style=${{ width: `${(line.figures[0].numerator / most) * 100}%` }}></span>`}</th>
                ${line.figures.map((figure, at) => html`<td class="n">
                  ${line.value === '*' ? amount(figure.value, told.measures[at].unit) : html`
                    <button class="quiet number" onClick=${() => openFigure({ measure: told.measures[at], figure, span, bucket: line.bucket, provisional: told.provisional_from,
                      where: all || time ? where() : [...where().filter(([dimension]) => dimension !== by), [by, line.value]] })}>${amount(figure.value, told.measures[at].unit)}</button>`}</td>`)}
              </tr>`;
          })}
        </tbody></table>
    </div>`;
}
