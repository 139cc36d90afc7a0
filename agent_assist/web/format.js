// Numbers as Korean eyes expect them. Nothing here knows the page.

/**
 * A telephone number in groups: 01002841009 -> 010-0284-1009. What is not a Korean number stays as it came.
 * @param {string} number
 */
export function grouped(number) {
  const digits = number.replace(/^\+82/, '0').replace(/[^\d]/g, '');
  if (/^1[568]\d{6}$/.test(digits)) return `${digits.slice(0, 4)}-${digits.slice(4)}`;
  if (/^02\d{7,8}$/.test(digits)) return `02-${digits.slice(2, -4)}-${digits.slice(-4)}`;
  if (/^050\d{9}$/.test(digits)) return `${digits.slice(0, 4)}-${digits.slice(4, 8)}-${digits.slice(8)}`;
  if (/^0\d{9,10}$/.test(digits)) return `${digits.slice(0, 3)}-${digits.slice(3, -4)}-${digits.slice(-4)}`;
  return number;
}

/**
 * The number under which a citizen finds a contact again, as it is read aloud: '26-482-173-053' (core/receipt.py).
 * @param {string} number
 */
export const inThrees = (number) => number.replace(/^(..)(...)(...)(...)$/, '$1-$2-$3-$4');

/**
 * Seconds as a clock: 7 -> 0:07, 3671 -> 1:01:11.
 * @param {number} seconds
 */
export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (/** @type {number} */ n) => String(n).padStart(2, '0');
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/**
 * Seconds as a clock of at most five signs: 7 -> 0:07, 3671 -> 1h01.
 * @param {number} seconds
 */
export function shortClock(seconds) {
  const minutes = Math.floor(Math.max(0, seconds) / 60);
  return minutes < 60 ? clock(seconds) : `${Math.floor(minutes / 60)}h${String(minutes % 60).padStart(2, '0')}`;
}

/**
 * A moment as time of day, 24 hours.
 * @param {string} at
 */
export function timeOfDay(at) {
  return new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' }).format(new Date(at));
}

/**
 * A moment as a short date, without the year when it is this one's.
 * @param {string} at
 * @param {string} language
 */
export function shortDate(at, language) {
  const date = new Date(at);
  const year = date.getFullYear() === new Date().getFullYear() ? undefined : 'numeric';
  return new Intl.DateTimeFormat(language, { year, month: 'numeric', day: 'numeric' }).format(date);
}

/**
 * Whether a moment lies on this day.
 * @param {string} at
 */
export function isToday(at) {
  return new Date(at).toDateString() === new Date().toDateString();
}
