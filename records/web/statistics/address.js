// What is looked at, as the address says it: '#/statistics/period=this_week&department=...'. So a link can be sent, and
// the browser's Back takes a filter off again.
import { signal } from '@preact/signals';
import { PERIODS } from './periods.js';

/** @typedef {import('./types.js').Dimension} Dimension */
/** @typedef {{period: string, first: string, last: string, by: string, show: string} & Record<Dimension, string>} Wish */

const HOME = '#/statistics';
/** @type {Dimension[]} */
export const DIMENSIONS = ['channel', 'department', 'category', 'district', 'language', 'queue', 'agent'];
/** The unknown value, in an address and in a choice: '' means any. */
export const UNKNOWN = '-';
/** @type {Wish} */
const NOTHING = { period: 'today', first: '', last: '', by: 'department', show: 'volume', channel: '', department: '', category: '', district: '', language: '', queue: '', agent: '' };

/** @param {string} hash @returns {Wish} */
function read(hash) {
  const said = new URLSearchParams(hash.slice(HOME.length + 1));
  const wish = { ...NOTHING };
  for (const name of /** @type {(keyof Wish)[]} */ (Object.keys(NOTHING))) wish[name] = said.get(name) ?? NOTHING[name];
  if (!PERIODS.includes(wish.period)) wish.period = NOTHING.period;
  return wish;
}

/** @param {Wish} wish */
function written(wish) {
  const said = Object.entries(wish).filter(([name, value]) => value !== NOTHING[/** @type {keyof Wish} */ (name)]);
  const text = new URLSearchParams(said).toString();
  return text ? `${HOME}/${text}` : HOME;
}

export const wish = signal(read(location.hash));

/** @param {Partial<Wish>} some */
export function look(some) {
  wish.value = { ...wish.value, ...some };
  history.pushState(null, '', written(wish.value)); // not through the frame: it would take the focus away
}

/** Nothing narrowed any more; the days stay. */
export function lookAtAll() {
  look(Object.fromEntries(DIMENSIONS.map((dimension) => [dimension, ''])));
}

/** The conditions, as the server wants them. @returns {[string, string][]} */
export const where = () => DIMENSIONS.filter((dimension) => wish.value[dimension])
  .map((dimension) => [dimension, wish.value[dimension] === UNKNOWN ? '' : wish.value[dimension]]);

addEventListener('hashchange', () => { if (location.hash.startsWith(HOME)) wish.value = read(location.hash); });
