// A chart that people can read: few lines, named where they are, with a table of the same beside it. Drawn by uPlot.
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import { say } from 'desk/office/words.js';
import { html } from 'desk/view.js';
import { amount, bucketName, bucketTitle } from './amounts.js';

/** @typedef {import('./types.js').Unit} Unit */
/** @typedef {{name: string, unit: Unit, values: (number | null)[], kind?: 'line' | 'bars' | 'dashed', open?: (at: number) => void}} Drawn */

const COLOURS = ['--accent', '--agent', '--caller', '--soft'];
const HEIGHT = 250;
const FONT = '13px';
/** Pixels that a word of the x axis needs. */
const GAP = 78;

/** @param {string} name */
const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/**
 * @param {{label: string, buckets: string[], series: Drawn[], high?: number}} props
 *   label: what a screen reader says; high: the y axis' end where it is known, else as high as the values
 */
export function Plot({ label, buckets, series, high }) {
  const [table, setTable] = useState(false);
  return html`
    <div class="plot">
      <div class="legend">
        ${series.map((one, i) => html`<span class=${`key of-${one.kind ?? 'line'}`} data-colour=${i}>${one.name}</span>`)}
        <button class="quiet" aria-pressed=${table} onClick=${() => setTable(!table)}>${say(table ? 'statistics.as_chart' : 'statistics.as_table')}</button>
      </div>
      ${table ? html`<${Table} label=${label} buckets=${buckets} series=${series} />` : html`<${Canvas} label=${label} buckets=${buckets} series=${series} high=${high} />`}
    </div>`;
}

/** @param {{label: string, buckets: string[], series: Drawn[]}} props */
function Table({ label, buckets, series }) {
  return html`
    <div class="scrolls of-plot" tabindex="0">
      <table><caption class="heard-out">${label}</caption>
        <thead><tr><th scope="col">${say('statistics.time')}</th>${series.map((one) => html`<th scope="col" class="n">${one.name}</th>`)}</tr></thead>
        <tbody>${buckets.map((bucket, at) => html`
          <tr key=${bucket}><th scope="row">${bucketTitle(bucket)}</th>
            ${series.map((one) => html`<td class="n">${one.open && one.values[at]
              ? html`<button class="quiet number" onClick=${() => one.open?.(at)}>${amount(one.values[at], one.unit)}</button>` : amount(one.values[at] ?? null, one.unit)}</td>`)}</tr>`)}
        </tbody></table>
    </div>`;
}

/** @param {{label: string, buckets: string[], series: Drawn[], high?: number}} props */
function Canvas({ label, buckets, series, high }) {
  const box = useRef(/** @type {HTMLDivElement | null} */ (null));
  const plot = useRef(/** @type {uPlot | null} */ (null));
  const latest = useRef(series);
  latest.current = series;
  const [at, setAt] = useState(-1);
  const shape = JSON.stringify([buckets, series.map((one) => [one.name, one.kind, one.unit]), high]);
  const data = /** @type {uPlot.AlignedData} */ ([buckets.map((_, i) => i), ...series.map((one) => one.values)]);

  useLayoutEffect(() => {
    const home = /** @type {HTMLDivElement} */ (box.current);
    const draw = () => {
      plot.current?.destroy();
      plot.current = new uPlot(options(home.clientWidth, buckets, latest.current, high, setAt), data, home);
    };
    draw();
    const wide = new ResizeObserver(() => plot.current?.setSize({ width: home.clientWidth, height: HEIGHT }));
    wide.observe(home);
    const dark = matchMedia('(prefers-color-scheme: dark)');
    dark.addEventListener('change', draw);
    return () => {
      wide.disconnect();
      dark.removeEventListener('change', draw);
      plot.current?.destroy();
      plot.current = null;
    };
  }, [shape]);
  useEffect(() => { plot.current?.setData(data); }, [JSON.stringify(data)]);

  const move = (/** @type {number} */ to) => {
    const next = Math.min(buckets.length - 1, Math.max(0, to));
    setAt(next);
    const now = plot.current;
    if (now) now.setCursor({ left: now.valToPos(next, 'x'), top: HEIGHT / 2 }, false);
  };
  const keys = (/** @type {KeyboardEvent} */ event) => {
    const step = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: buckets.length - 1 }[event.key];
    if (step !== undefined) move(step);
    else if (event.key === 'Enter') open();
    else return;
    event.preventDefault();
  };
  const open = () => { if (at >= 0) series.find((one) => one.open && one.values[at])?.open?.(at); };
  return html`
    <div class="canvas" ref=${box} role="group" tabindex="0" aria-label=${`${label} ${say('statistics.keys')}`} onKeyDown=${keys} onClick=${open}></div>
    <p class="reading" aria-live="polite">${at >= 0 && at < buckets.length
      ? html`<b>${bucketTitle(buckets[at])}</b> ${series.map((one) => html`<span>${one.name} <b>${amount(one.values[at] ?? null, one.unit)}</b></span>`)}`
      : html`<span class="soft">${say('statistics.hint')}</span>`}</p>`;
}

/**
 * @param {number} width @param {string[]} buckets @param {Drawn[]} series @param {number | undefined} high @param {(at: number) => void} tell
 * @returns {uPlot.Options}
 */
function options(width, buckets, series, high, tell) {
  const font = `${FONT} ${getComputedStyle(document.body).fontFamily}`;
  const axis = { font, stroke: token('--soft'), grid: { stroke: token('--line'), width: 1 }, ticks: { show: false } };
  const unit = series[0]?.unit ?? 'count';
  const bars = /** @type {uPlot.Series.BarsPathBuilderFactory} */ (uPlot.paths.bars);
  return {
    width,
    height: HEIGHT,
    legend: { show: false },
    scales: {
      x: { time: false, range: () => [-0.6, Math.max(0, buckets.length - 1) + 0.6] },
      y: { range: (_, _low, top) => [0, high ?? Math.max(unit === 'count' ? 4 : 1, (top ?? 0) * 1.08)] },
    },
    cursor: { y: false, drag: { setScale: false, x: false, y: false }, points: { size: 8 } },
    axes: [
      { ...axis, grid: { show: false }, splits: () => every(buckets.length, width), values: (_, places) => places.map((place) => bucketName(buckets[place] ?? '')) },
      { ...axis, size: 62, values: (_, places) => places.map((place) => (unit === 'count' && place % 1 ? '' : amount(place, unit).replace(/\.0%$/, '%'))) },
    ],
    series: [{}, ...series.map((one, i) => ({
      label: one.name,
      stroke: token(COLOURS[i % COLOURS.length]),
      width: one.kind === 'dashed' ? 1.5 : 2,
      dash: one.kind === 'dashed' ? [5, 4] : undefined,
      fill: one.kind === 'bars' ? token('--tint') : undefined,
      paths: one.kind === 'bars' ? bars({ size: [0.7, 60], radius: 0.1 }) : undefined,
      points: { show: one.kind !== 'bars' && (buckets.length < 40 || one.values.filter((value) => value !== null).length < 3), size: 6, fill: token('--paper') },
      spanGaps: false,
    }))],
    hooks: { setCursor: [(now) => { if (now.cursor.idx !== null && now.cursor.idx !== undefined) tell(now.cursor.idx); }] },
  };
}

/** Where something is written on the x axis: so far apart that nothing overlaps. @param {number} many @param {number} width */
function every(many, width) {
  const step = Math.max(1, Math.ceil((many * GAP) / Math.max(GAP, width - GAP)));
  return Array.from({ length: Math.ceil(many / step) }, (_, i) => i * step);
}
