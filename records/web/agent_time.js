// How agents' time was spent: hours by state, why they were away, occupancy; her own, or those of whom she oversees.
import { useState } from 'preact/hooks';
import { get } from 'desk/office/ask.js';
import { shown, useLoaded } from 'desk/office/loaded.js';
import { Choices, Page, typed } from 'desk/office/page.js';
import { known, language, say } from 'desk/office/words.js';
import { Empty, html } from 'desk/view.js';
import { terms } from './terms.js';

/** @typedef {{agent: string, name: string, day: number, ready_s: number, offered_s: number, talking_s: number, wrap_up_s: number, away_s: number, away: Record<string, number>, staffed_s: number, signed_in_s: number, occupancy: number | null, utilisation: number | null}} Line */
/** @typedef {{id: string, ko: string, en: string, formula_ko: string, formula_en: string, source: string}} Measure */

const TIMES = /** @type {const} */ (['signed_in_s', 'staffed_s', 'ready_s', 'offered_s', 'talking_s', 'wrap_up_s', 'away_s']);
const SHARES = /** @type {const} */ (['occupancy', 'utilisation']);

export function AgentTime() {
  const { today } = terms.value;
  const [first, setFirst] = useState(today);
  const [last, setLast] = useState(today);
  const [cut, setCut] = useState('');
  const [loaded, again] = useLoaded((signal) => get('statistics/agent-time', { first, last, cut }, signal), [first, last, cut]);
  const day = (/** @type {string} */ name, /** @type {string} */ value, /** @type {(day: string) => void} */ set) => html`
    <label class="day"><span>${say(`agent_time.${name}`)}</span>
      <input type="date" value=${value} max=${today} onChange=${(/** @type {Event} */ event) => typed(event) && set(typed(event))} /></label>`;
  return html`
    <${Page} name="agent-time" deeds=${html`<button onClick=${() => print()}>${say('contacts.print')}</button>`}>
      <div class="filters">
        ${day('first', first, (to) => { setFirst(to); if (to > last) setLast(to); })}
        ${day('last', last, (to) => { setLast(to); if (to < first) setFirst(to); })}
        <${Choices} label=${say('agent_time.cut')} value=${cut} onChange=${setCut} options=${['', 'day'].map((value) => ({ value, label: say(`agent_time.cut.${value || 'all'}`) }))} />
      </div>
      ${shown(loaded, again, (told) => told.lines.length === 0
        ? html`<${Empty} title=${say('agent_time.none')}>${say('agent_time.none_next')}<//>`
        : html`<${Table} lines=${told.lines} total=${told.total} measures=${told.measures} />`)}
    <//>`;
}

/** @param {{lines: Line[], total: Line, measures: Measure[]}} props */
function Table({ lines, total, measures }) {
  const byDay = lines.some((line) => line.day);
  const formula = (/** @type {string} */ id) => measures.find((measure) => measure.id === id)?.[language.value === 'ko' ? 'formula_ko' : 'formula_en'];
  return html`
    <div class="scrolls" tabindex="0">
      <table class="cells agent-times"><caption class="heard-out">${say('nav.agent-time')}</caption>
        <thead><tr><th scope="col">${say('agent_time.name')}</th>${byDay && html`<th scope="col">${say('agent_time.day')}</th>`}
          ${[...TIMES, ...SHARES].map((name) => html`<th scope="col" class="n" key=${name} title=${formula(name)}>${say(`agent_time.${name}`)}</th>`)}<th scope="col">${say('agent_time.reasons')}</th></tr></thead>
        <tbody>${[...lines, ...(lines.length > 1 ? [total] : [])].map((line) => html`
          <tr key=${`${line.agent}|${line.day}`} class=${line === total ? 'all' : ''}>
            <th scope="row">${line === total ? say('statistics.all') : line.name}</th>
            ${byDay && html`<td>${line.day ? `${line.day}`.replace(/^(....)(..)(..)$/, '$1-$2-$3') : ''}</td>`}
            ${TIMES.map((name) => html`<td class="n" key=${name}>${hours(line[name])}</td>`)}
            ${SHARES.map((name) => html`<td class="n" key=${name}>${line[name] === null ? '–' : `${Number(line[name]).toFixed(1)}%`}</td>`)}
            <td class="soft why">${Object.entries(line.away).map(([reason, seconds]) => html`<span key=${reason}>${why(reason)} <b class="number">${hours(seconds)}</b></span>`)}</td>
          </tr>`)}</tbody></table>
    </div>
    <dl class="soft formulas">${measures.map((measure) => html`<div key=${measure.id}><dt>${language.value === 'ko' ? measure.ko : measure.en}</dt><dd>${formula(measure.id)}</dd></div>`)}</dl>`;
}

/** Of the catalogue, or the city's own words. @param {string} reason */
const why = (reason) => (!reason ? say('agent_time.no_reason') : known(`agent_time.away.${reason}`) ? say(`agent_time.away.${reason}`) : reason);

/** 3671 -> 1:01:11, as exchanges' reports write it: never to be taken for minutes and seconds. @param {number} seconds */
const hours = (seconds) => [Math.floor(seconds / 3600), two(seconds / 60), two(seconds)].join(':');
const two = (/** @type {number} */ count) => String(Math.floor(count) % 60).padStart(2, '0');
