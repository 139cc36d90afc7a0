// The pages' words in two languages; the language is the desk's (one cookie), the catalogue is the pages' own.
import { batch, signal } from '@preact/signals';

/** @typedef {'ko' | 'en'} Language */

/** @type {import('@preact/signals').Signal<Language>} */
export const language = signal(document.documentElement.lang === 'en' ? 'en' : 'ko');
/** @type {import('@preact/signals').Signal<Record<string, string>>} */
const catalogue = signal({});

/** @param {Language} wanted */
export async function speak(wanted) {
  const answer = await fetch(`/desk/static/messages/admin.${wanted}.json`);
  const words = await answer.json();
  batch(() => {
    catalogue.value = words;
    language.value = wanted;
  });
  document.documentElement.lang = wanted;
  document.title = words['admin.title'];
  document.cookie = `minwon_lang=${wanted}; Path=/; SameSite=Lax; Max-Age=31536000`;
}

/**
 * @param {string} key
 * @param {Record<string, string | number>} [values]
 */
export function say(key, values) {
  const text = catalogue.value[key] ?? key;
  return values ? text.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole)) : text;
}

/** @param {string} key */
export function known(key) {
  return key in catalogue.value;
}

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
