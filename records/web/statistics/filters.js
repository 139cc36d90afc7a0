// Which days, and which contacts: in the address, so that a link says it too.
import { useEffect, useState } from 'preact/hooks';
import { get } from 'desk/office/ask.js';
import { may } from 'desk/office/me.js';
import { Choices, Select, typed } from 'desk/office/page.js';
import { say } from 'desk/office/words.js';
import { html } from 'desk/view.js';
import { DIMENSIONS, UNKNOWN, look, lookAtAll, where, wish } from './address.js';
import { valueName } from './amounts.js';
import { PERIODS } from './periods.js';

/** @typedef {import('./types.js').Dimension} Dimension */
/** @typedef {Partial<Record<Dimension, {value: string, label: string}[]>>} Options */

/** @param {{span: import('./types.js').Span, today: string}} props */
export function Filters({ span, today }) {
  const [options, setOptions] = useState(/** @type {Options} */ ({}));
  const shown = DIMENSIONS.filter((dimension) => dimension !== 'agent' || may('supervisor'));
  useEffect(() => {
    for (const dimension of shown) {
      get('statistics/values', { dimension }).then((told) => setOptions((before) => ({ ...before, [dimension]: choices(dimension, told) })), () => undefined); // then there is nothing to choose
    }
  }, []);
  const day = (/** @type {'first' | 'last'} */ name) => html`
    <label class="day"><span>${say(`statistics.${name}`)}</span>
      <input type="date" value=${span[name]} max=${today} onChange=${(/** @type {Event} */ event) => typed(event) && look({ period: 'days', ...span, [name]: typed(event) })} /></label>`;
  return html`
    <${Choices} label=${say('statistics.period')} value=${wish.value.period} options=${PERIODS.map((value) => ({ value, label: say(`period.${value}`) }))}
      onChange=${(/** @type {string} */ period) => look({ period, ...(period === 'days' ? span : { first: '', last: '' }) })} />
    <div class="filters of-statistics">
      ${day('first')}${day('last')}
      ${shown.map((dimension) => html`
        <${Select} key=${dimension} label=${say(`by.${dimension}`)} none=${say(`any.${dimension}`)} value=${wish.value[dimension]}
          options=${options[dimension] ?? chosen(dimension)} onChange=${(/** @type {string} */ value) => look({ [dimension]: value })} />`)}
      ${where().length > 0 && html`<button class="quiet" onClick=${lookAtAll}>${say('statistics.unfilter')}</button>`}
    </div>`;
}

/** @param {Dimension} dimension @param {{values: string[], labels: Record<string, string>}} told */
const choices = (dimension, told) => told.values
  .map((value) => ({ value: value || UNKNOWN, label: valueName(dimension, value, told.labels) })).sort((a, b) => a.label.localeCompare(b.label, 'ko'));

/** Until the values are here, the one that the address names. @param {Dimension} dimension */
function chosen(dimension) {
  const value = wish.value[dimension];
  return value ? [{ value, label: valueName(dimension, value === UNKNOWN ? '' : value) }] : [];
}
