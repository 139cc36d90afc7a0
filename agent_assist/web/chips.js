// What was said as values: events in, chips out, and which key each has. Pure rules.

/** @typedef {import('./types.js').HeardValue} HeardValue */
/**
 * @typedef {object} Chip
 * @property {string} id        Stays when the value is corrected, and with it the key.
 * @property {string} utterance That said it last.
 * @property {import('./types.js').ValueKind} kind
 * @property {string} value
 * @property {string} spoken
 */

/** Older ones go. */
export const MOST = 12;
export const KEYS = 9;
/** So many letters of a number may differ for it to be the same one, said again. */
const SLIPS = 2;

/**
 * Newest first. A value said twice is one chip; what corrects one takes its place and its key.
 * @param {Chip[]} chips
 * @param {import('./types.js').ValuesHeard} event
 * @returns {Chip[]}
 */
export function chipsAfter(chips, { seq, utterance, values }) {
  // An utterance that is told again is told anew: what it no longer says goes.
  let all = chips.filter((chip) => chip.utterance !== utterance || values.some((value) => same(chip, value)));
  values.forEach(({ kind, value, spoken }, place) => {
    const old = all.find((chip) => same(chip, { kind, value })) ?? all.find((chip) => corrects(chip, { kind, value }));
    const kept = old && corrects(old, { kind, value }) && shortened(old, value) ? old.value : value;
    all = [{ id: old?.id ?? `${seq}.${place}`, utterance, kind, value: kept, spoken }, ...all.filter((chip) => chip !== old)];
  });
  return all.slice(0, MOST);
}

/**
 * @param {{kind: string, value: string}} a
 * @param {{kind: string, value: string}} b
 */
function same(a, b) {
  return a.kind === b.kind && a.value === b.value;
}

/**
 * A number with a letter or two changed, an address with its beginning the same.
 * @param {{kind: string, value: string}} old
 * @param {{kind: string, value: string}} fresh
 */
function corrects(old, fresh) {
  if (old.kind !== fresh.kind || old.value === fresh.value) return false;
  if (fresh.kind === 'address') return fresh.value.startsWith(old.value) || old.value.startsWith(fresh.value);
  if (fresh.kind !== 'phone' && fresh.kind !== 'plate') return false;
  return old.value.length === fresh.value.length && [...fresh.value].filter((letter, at) => letter !== old.value[at]).length <= SLIPS;
}

/**
 * An address that is said again in short keeps its long form.
 * @param {Chip} old
 * @param {string} value
 */
function shortened(old, value) {
  return old.kind === 'address' && old.value.startsWith(value);
}

/**
 * Which key copies what: nine places, each given once and kept. Only a chip gives its place to a newer one.
 * @param {string[]} places  Ids, '' = free.
 * @param {string[]} forms   Ids of what came by forms, in order.
 * @param {Chip[]} chips     Newest first.
 * @returns {string[]}
 */
export function placesAfter(places, forms, chips) {
  const ids = chips.map(({ id }) => id);
  const next = places.map((id) => (forms.includes(id) || ids.includes(id) ? id : ''));
  for (const id of [...forms, ...ids.toReversed()]) {
    if (next.includes(id)) continue;
    let place = next.indexOf('');
    if (place < 0 && ids.includes(id)) place = next.indexOf(ids.findLast((old) => next.includes(old)) ?? ' ');
    if (place >= 0) next[place] = id;
  }
  return next;
}

/** @type {string[]} */
export const NO_PLACES = Array(KEYS).fill('');
