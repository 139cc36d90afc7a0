// The page's words in two languages. `say('queue.waiting', {count: 3})` anywhere; components follow a switch by themselves.
import { batch, signal } from '@preact/signals';

/** @typedef {'ko' | 'en'} Language */

/** @type {import('@preact/signals').Signal<Language>} */
export const language = signal(document.documentElement.lang === 'en' ? 'en' : 'ko');
/** @type {import('@preact/signals').Signal<Record<string, string>>} */
const catalogue = signal({});

/** @param {Language} wanted */
export async function speak(wanted) {
  const answer = await fetch(`/desk/static/messages/${wanted}.json`);
  const words = await answer.json();
  batch(() => {
    catalogue.value = words;
    language.value = wanted;
  });
  document.documentElement.lang = wanted;
  document.title = words['desk.title'];
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
