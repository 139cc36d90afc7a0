// The pages' words; the language is the desk's (one cookie), the catalogues are named by the page: <html data-words>.
import { catalogueOf } from '../catalogue.js';

/** @typedef {import('../catalogue.js').Language} Language */

export const { language, speak, say, known } = catalogueOf((document.documentElement.dataset.words ?? '').split(' '), 'app.title');

/**
 * The half of '한국어 / English' that she reads; a sentence without a slash stays as it is.
 * @param {string} text
 */
export function half(text) {
  const at = text.lastIndexOf(' / ');
  if (at < 0) return text;
  return language.value === 'ko' ? text.slice(0, at) : text.slice(at + 3);
}

/** 12,345. @param {number} count */
export const figure = (count) => count.toLocaleString(language.value === 'ko' ? 'ko-KR' : 'en-GB');

/** 'today 14:03' or '2026-11-03 09:12', in the browser's zone. @param {string} iso */
export function moment(iso) {
  const at = new Date(iso);
  const two = (/** @type {number} */ n) => String(n).padStart(2, '0');
  const time = `${two(at.getHours())}:${two(at.getMinutes())}`;
  if (at.toDateString() === new Date().toDateString()) return say('time.today', { time });
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${time}`;
}
