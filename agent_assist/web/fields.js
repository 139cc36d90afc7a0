// Fields of a template in a text: '{담당자}'. Pure; as channels/fields.py.

const FIELD = /\{[^{}\n]{1,20}\}/g;

/** @typedef {{start: number, end: number}} Place */

/** @param {string} text @returns {Place[]} */
const places = (text) => [...text.matchAll(FIELD)].map((found) => ({ start: found.index, end: found.index + found[0].length }));

/**
 * The next field behind a place, or the first of all.
 * @param {string} text
 * @param {number} from
 * @returns {Place | null}
 */
export function fieldAfter(text, from) {
  const all = places(text);
  return all.find(({ start }) => start >= from) ?? all[0] ?? null;
}

/**
 * The next field before a place, or the last of all.
 * @param {string} text
 * @param {number} from
 * @returns {Place | null}
 */
export function fieldBefore(text, from) {
  const all = places(text);
  return all.findLast(({ end }) => end <= from) ?? all.at(-1) ?? null;
}
