// How a figure is written, and how it differs from another one.
import { figure, language, say } from 'desk/office/words.js';
import { clock } from 'desk/format.js';
import { levels, personName } from '../terms.js';

/** @typedef {import('./types.js').Measure} Measure */
/** @typedef {import('./types.js').Figure} Figure */
/** @typedef {import('./types.js').Unit} Unit */

const MS = 1000;
const LONG_TEXT = 60;

/** What it is called. @param {Measure} measure */
export const named = (measure) => measure[language.value];

/** @param {number | null} value @param {Unit} unit */
export function amount(value, unit) {
  if (value === null) return '–';
  if (unit === 'percent') return `${value.toFixed(1)}%`;
  if (unit === 'seconds') return value < 0 ? `-${clock(-value)}` : clock(Math.round(value));
  return unit === 'score' ? value.toFixed(2) : figure(value);
}

/** One of the two sums that a figure is made of. @param {number} sum @param {Measure} measure @param {boolean} upper */
export const sumOf = (sum, measure, upper) =>
  (upper && measure.unit === 'seconds' ? clock(Math.round(sum / MS)) : figure(sum));

/** The figure of several pieces of time together. @param {Measure} measure @param {Figure[]} figures @returns {Figure} */
export function together(measure, figures) {
  const numerator = figures.reduce((sum, one) => sum + one.numerator, 0);
  const denominator = figures.reduce((sum, one) => sum + one.denominator, 0);
  const upper = measure.unit === 'seconds' ? numerator / MS : numerator;
  const value = measure.denominator.length === 0 ? upper : denominator === 0 ? null : (upper / denominator) * (measure.unit === 'percent' ? 100 : 1);
  return { value, numerator, denominator };
}

/**
 * How it differs, in words and as better (1), worse (-1), neither (0).
 * @param {Measure} measure @param {Figure} now @param {Figure | undefined} before
 * @returns {{text: string, way: number} | null}
 */
export function change(measure, now, before) {
  if (!before || now.value === null || before.value === null) return null;
  const by = now.value - before.value;
  const up = by > 0;
  const wished = measure.better === 'more' ? 1 : measure.better === 'less' ? -1 : 0;
  const text = difference(measure, by, before.value);
  return text === null ? null : { text: text.zero ? '=' : `${up ? '▲' : '▼'} ${text.said}`, way: text.zero ? 0 : up ? wished : -wished };
}

/** @param {Measure} measure @param {number} by @param {number} from */
function difference(measure, by, from) {
  if (measure.unit === 'percent') return { said: say('statistics.points', { points: Math.abs(by).toFixed(1) }), zero: Math.abs(by) < 0.05 };
  if (measure.unit === 'score') return { said: Math.abs(by).toFixed(2), zero: Math.abs(by) < 0.005 };
  if (measure.unit === 'seconds') return { said: clock(Math.round(Math.abs(by))), zero: Math.abs(by) < 0.5 };
  if (from === 0) return by === 0 ? { said: '', zero: true } : null;
  const share = Math.abs(by / from) * 100;
  return { said: `${share < 10 ? share.toFixed(1) : Math.round(share)}%`, zero: share < 0.05 };
}

/**
 * A value of a dimension, as people call it.
 * @param {string} dimension @param {string} value @param {Record<string, string>} [labels]
 */
export function valueName(dimension, value, labels = {}) {
  if (value === '*') return say('statistics.others');
  if (value === '') return say('statistics.unknown');
  if (dimension === 'channel') return say(`channel.${value}`);
  if (dimension === 'category') return levels(value);
  if (dimension === 'agent') return labels[value] ?? personName(value);
  if (dimension === 'language') return new Intl.DisplayNames([language.value], { type: 'language' }).of(value) ?? value;
  return value.slice(0, LONG_TEXT);
}

/** A piece of time, as it is written on an axis. @param {string} bucket */
export function bucketName(bucket) {
  if (/^\d$/.test(bucket)) return say(`weekday.${bucket}`);
  if (/^\d\d$/.test(bucket)) return say('statistics.hour', { hour: Number(bucket) });
  const [day, hour] = bucket.split('T');
  if (hour) return say('statistics.hour', { hour: hour.replace(/^0/, '') });
  if (day.length === 10) return `${Number(day.slice(5, 7))}.${Number(day.slice(8))}.`;
  return day;
}

/** The same in full, for tables and readings. @param {string} bucket */
export function bucketTitle(bucket) {
  const [day, hour] = bucket.split('T');
  if (day.length !== 10) return bucketName(bucket);
  const name = say(`weekday.${new Date(`${day}T00:00Z`).getUTCDay() || 7}`);
  return hour ? `${day} (${name}) ${bucketName(bucket)}` : `${day} (${name})`;
}
