// Which days a period means, and how time is cut in it. Pure; days are 'YYYY-MM-DD' of the city.

/** @typedef {import('./types.js').Span} Span */
/** @typedef {import('./types.js').Cut} Cut */

export const PERIODS = ['today', 'yesterday', 'this_week', 'last_week', 'this_month', 'last_month', 'this_year', 'days'];
const MS_PER_DAY = 86_400_000;

/** @param {string} day */
const at = (day) => Date.parse(`${day}T00:00:00Z`);
/** @param {number} ms */
const iso = (ms) => new Date(ms).toISOString().slice(0, 10);

/** @param {string} day @param {number} days */
export const plus = (day, days) => iso(at(day) + days * MS_PER_DAY);

/** How many days that is. @param {Span} span */
export const length = (span) => Math.round((at(span.last) - at(span.first)) / MS_PER_DAY) + 1;

/** Monday = 1. @param {string} day */
export const weekday = (day) => new Date(at(day)).getUTCDay() || 7;

/**
 * @param {string} period
 * @param {string} today
 * @param {Span} days those of 'days'
 * @returns {Span}
 */
export function spanOf(period, today, days) {
  const monday = plus(today, 1 - weekday(today));
  const month = `${today.slice(0, 8)}01`;
  switch (period) {
    case 'yesterday': return { first: plus(today, -1), last: plus(today, -1) };
    case 'this_week': return { first: monday, last: today };
    case 'last_week': return { first: plus(monday, -7), last: plus(monday, -1) };
    case 'this_month': return { first: month, last: today };
    case 'last_month': return { first: `${plus(month, -1).slice(0, 8)}01`, last: plus(month, -1) };
    case 'this_year': return { first: `${today.slice(0, 4)}-01-01`, last: today };
    case 'days': return days.first <= days.last ? days : { first: days.last, last: days.first };
    default: return { first: today, last: today };
  }
}

/** So that a chart has some ten to sixty points. @param {Span} span @returns {Cut} */
export function cutOf(span) {
  const days = length(span);
  if (days <= 3) return 'hour';
  if (days <= 62) return 'day';
  return days <= 210 ? 'week' : 'month';
}

/** Weeks are compared with weeks; what is longer, with as many days before. @param {Span} span */
export const besides = (span) => (length(span) <= 7 ? 'week' : 'before');

/**
 * Whether a piece of time is over: what has just begun is compared with nothing.
 * @param {string} bucket @param {string} today @param {number} hour
 */
export function over(bucket, today, hour) {
  if (bucket.includes('T')) return bucket.slice(0, 10) < today || (bucket.slice(0, 10) === today && Number(bucket.slice(11, 13)) < hour);
  return bucket.length !== 10 || bucket < today;
}
