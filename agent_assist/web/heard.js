// What was said as values, in one line under the words: newest first, each with the key that copies or inserts it.
import { use } from './clipboard.js';
import { shortDate } from './format.js';
import { language, say } from './messages.js';
import { shown } from './shown.js';
import { valueAt } from './visit.js';
import { Key, html } from './view.js';

/** @typedef {import('./types.js').HeardValue} HeardValue */

/** @param {{call: import('./call.js').Call}} props Always as high, filled or not: the words above never move. */
export function Heard({ call }) {
  const chips = call.chips.value;
  const places = call.places.value;
  return html`
    <div class="heard" role="group" aria-label=${say('chips.heading')} tabindex=${chips.length ? 0 : undefined}>
      <h2>${say('chips.heading')}</h2>
      ${chips.length ? chips.map((chip) => html`<${Chip} key=${chip.id} chip=${chip} number=${places.indexOf(chip.id) + 1} />`)
        : html`<p class="soft">${say('chips.none')}</p>`}
    </div>`;
}

/** @param {{chip: import('./chips.js').Chip, number: number}} props */
function Chip({ chip, number }) {
  const { kind, value, spoken } = chip;
  return html`
    <button class="value chip" title=${say('chips.spoken', { spoken, value })} onClick=${() => use(value)}>
      <small>${number > 0 && html`<${Key}>Alt ${number}<//> `}${say(`chips.${kind}`)}</small><span>${inWords({ kind, value })}</span>
    </button>`;
}

/** The same without keys: for records. @param {{values: HeardValue[]}} props */
export function HeardList({ values }) {
  return html`
    <div class="values">${values.map(({ kind, value, spoken }, i) => html`
      <p class="value said-value" key=${i} title=${say('chips.spoken', { spoken, value })}><small>${say(`chips.${kind}`)}</small><span>${inWords({ kind, value })}</span></p>`)}
    </div>`;
}

/**
 * As eyes expect it; what is copied is the value as it is.
 * @param {{kind: import('./types.js').ValueKind, value: string}} chip
 */
export function inWords({ kind, value }) {
  if (kind === 'money' && /^\d+$/.test(value)) return say('chips.won', { amount: Number(value).toLocaleString('ko-KR') });
  if (kind !== 'date' || !/^\d{4}-\d\d-\d\d$/.test(value)) return value;
  const day = new Intl.DateTimeFormat(language.value, { weekday: 'short', timeZone: 'UTC' }).format(new Date(value));
  return `${shortDate(`${value}T00:00`, language.value)} (${day})`;
}

/**
 * Alt+1 to Alt+9: what was said or sent, into the field that she writes in, else copied.
 * @param {import('./call.js').Call} call
 * @param {number} number
 */
export function useNumber(call, number) {
  const places = call.places.value;
  const chip = call.chips.value.find(({ id }) => id === places[number - 1]);
  const value = chip ? chip.value : shown(valueAt(call.visit.value, number, places));
  if (value) use(value);
}
