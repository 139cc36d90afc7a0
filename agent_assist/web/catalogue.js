// A page's words in two languages, from its catalogue; components follow a switch by themselves.
import { batch, signal } from '@preact/signals';

/** @typedef {'ko' | 'en'} Language */

/**
 * @param {string[]} places Where its files lie, each without its end: '/desk/static/messages/' = '.../ko.json'.
 * @param {string} title    Key of the page's title.
 */
export function catalogueOf(places, title) {
  /** @type {import('@preact/signals').Signal<Language>} */
  const language = signal(document.documentElement.lang === 'en' ? 'en' : 'ko');
  /** @type {import('@preact/signals').Signal<Record<string, string>>} */
  const catalogue = signal({});

  /** @param {Language} wanted */
  async function speak(wanted) {
    const files = await Promise.all(places.map(async (place) => (await fetch(`${place}${wanted}.json`)).json()));
    const words = Object.assign({}, ...files);
    batch(() => {
      catalogue.value = words;
      language.value = wanted;
    });
    document.documentElement.lang = wanted;
    document.title = words[title];
    document.cookie = `minwon_lang=${wanted}; Path=/; SameSite=Lax; Max-Age=31536000`;
  }

  /**
   * @param {string} key
   * @param {Record<string, string | number>} [values]
   */
  function say(key, values) {
    const text = catalogue.value[key] ?? key;
    return values ? text.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole)) : text;
  }

  /** @param {string} key */
  const known = (key) => key in catalogue.value;

  return { language, speak, say, known };
}
