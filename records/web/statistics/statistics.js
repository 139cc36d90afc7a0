// What happened, at one look: the figures of some days beside last week's and last year's, when, where, and what rises.
import { useEffect, useState } from 'preact/hooks';
import { may } from 'desk/office/me.js';
import { Choices, Page } from 'desk/office/page.js';
import { say } from 'desk/office/words.js';
import { html } from 'desk/view.js';
import { look, where, wish } from './address.js';
import { bucketTitle, named } from './amounts.js';
import { Behind, openFigure } from './behind.js';
import { Breakdown } from './breakdown.js';
import { Box, pathOf, useSeen } from './figures.js';
import { Filters } from './filters.js';
import { Heat } from './heat.js';
import { besides, cutOf, length, plus, spanOf } from './periods.js';
import { Plot } from './plot.js';
import { RisingTopics } from './rising.js';
import { TILES, Tiles } from './tiles.js';

/** @typedef {import('./types.js').Answer} Answer */
/** @typedef {import('./types.js').Span} Span */

/** What one chart shows: figures of one unit. @type {Record<string, string[]>} */
const CHARTS = {
  volume: ['offered', 'answered', 'abandoned'],
  level: ['service_level'],
  waiting: ['asa'],
  handling: ['aht', 'talk', 'hold', 'wrap'],
  quality: ['fcr', 'containment', 'suggestion_use'],
  satisfaction: ['satisfaction'],
  texts: ['texts'],
};
const HIGH = /** @type {Record<string, number>} */ ({ percent: 100, score: 5 });
/** A heat map of fewer days says nothing of weekdays; of more, the store would be asked for every hour of them. */
const HEAT_DAYS = { least: 7, usual: 28, most: 92 };

export function Statistics() {
  const [clock, again] = useSeen('statistics/today', true); // the city's day, which is perhaps not the browser's
  if (!clock.value) return html`<${Page} name="statistics"><${Box} seen=${clock} again=${again} box="of-tiles">${() => null}<//><//>`;
  return html`<${Today} today=${clock.value.today} />`;
}

/** @param {{today: string}} props */
function Today({ today }) {
  const span = spanOf(wish.value.period, today, { first: wish.value.first || today, last: wish.value.last || today });
  const hour = useHour();
  const live = span.last >= today;
  const fields = (/** @type {string} */ compare) => pathOf('query', [['measures', TILES.join(',')], ['first', span.first], ['last', span.last], ['cut', cutOf(span)], ['compare', compare], ...where()]);
  const [seen, again] = useSeen(fields(besides(span)), live);
  const [year] = useSeen(fields('year'), live);
  const nobody = seen.value && seen.fresh && seen.value.total.figures.every((/** @type {import('./types.js').Figure} */ figure) => !figure.numerator && !figure.denominator);
  return html`
    <${Page} name="statistics" deeds=${may('supervisor') && html`<a class="button" href=${`#/reports/first=${span.first}&last=${span.last}`}>${say('statistics.report')}</a>`}>
      <${Filters} span=${span} today=${today} />
      ${nobody && html`<p class="band" role="status">${say('statistics.nobody')} ${say('statistics.nobody_next')}</p>`}
      <${Box} seen=${seen} again=${again} box="of-tiles">${() => html`
        <${Tiles} told=${seen.value} year=${year.value} span=${span} today=${today} hour=${hour} where=${where()} />`}<//>
      <section aria-labelledby="chart-title">
        <h2 id="chart-title">${say('statistics.course')}</h2>
        <${Choices} label=${say('statistics.course')} value=${chart()} onChange=${(/** @type {string} */ show) => look({ show })}
          options=${Object.keys(CHARTS).map((value) => ({ value, label: say(`chart.${value}`) }))} />
        <${Box} seen=${seen} again=${again} box="of-chart">${() => html`<${Course} told=${seen.value} span=${span} />`}<//>
      </section>
      <div class="beside">
        <${Weeks} span=${span} />
        ${may('supervisor') && html`<${Rising} />`}
      </div>
      <${Breakdown} span=${span} live=${live} />
      <${Behind} />
    <//>`;
}

const chart = () => (wish.value.show in CHARTS ? wish.value.show : 'volume');

/** The hour that it is, as pieces of time count it. */
function useHour() {
  const [hour, setHour] = useState(new Date().getHours());
  useEffect(() => {
    const clock = setInterval(() => setHour(new Date().getHours()), 60_000);
    return () => clearInterval(clock);
  }, []);
  return hour;
}

/** @param {{told: Answer, span: Span}} props */
function Course({ told, span }) {
  const ids = CHARTS[chart()];
  const measures = ids.map((id) => told.measures.findIndex((measure) => measure.id === id));
  const unit = told.measures[measures[0]].unit;
  const open = (/** @type {number} */ column) => (/** @type {number} */ at) => openFigure({
    measure: told.measures[column], figure: told.lines[at].figures[column], span, bucket: told.lines[at].bucket, where: where(), provisional: told.provisional_from });
  const series = measures.map((column, i) => /** @type {import('./plot.js').Drawn} */ ({
    name: named(told.measures[column]), unit, kind: unit === 'count' && i === 0 ? 'bars' : 'line',
    values: told.lines.map((line) => line.figures[column].value), open: open(column),
  }));
  if (ids.length < 4 && told.compared) {
    series.push({ name: say('statistics.earlier', { name: named(told.measures[measures[0]]), than: say(`statistics.than.${besides(span)}`) }), unit, kind: 'dashed', values: told.lines.map((line) => line.before[measures[0]]?.value ?? null) });
  }
  const label = `${say('statistics.course')}: ${say(`chart.${chart()}`)}, ${bucketTitle(span.first)} – ${bucketTitle(span.last)}.`;
  return html`<${Plot} key=${chart()} label=${label} buckets=${told.lines.map((line) => line.bucket)} series=${series} high=${HIGH[unit]} />`;
}

/** @param {{span: Span}} props */
function Weeks({ span }) {
  const days = length(span) < HEAT_DAYS.least ? HEAT_DAYS.usual : Math.min(length(span), HEAT_DAYS.most);
  const first = plus(span.last, 1 - days);
  const [seen, again] = useSeen(pathOf('query', [['measures', 'offered'], ['first', first], ['last', span.last], ['cut', 'hour'], ...where()]));
  return html`
    <section aria-labelledby="heat-title">
      <h2 id="heat-title">${say('statistics.heat')}</h2>
      <p class="soft">${say('statistics.heat_of', { first, last: span.last })}</p>
      <${Box} seen=${seen} again=${again} box="of-heat">${() => html`<${Heat} told=${seen.value} />`}<//>
    </section>`;
}

function Rising() {
  const [seen, again] = useSeen('statistics/rising');
  return html`
    <section aria-labelledby="rising-title">
      <h2 id="rising-title">${say('statistics.rising')}</h2>
      <p class="soft">${seen.value ? `${seen.value.first} – ${seen.value.last}` : ' '}</p>
      <${Box} seen=${seen} again=${again} box="of-rising">${() => html`<${RisingTopics} told=${seen.value} />`}<//>
    </section>`;
}
