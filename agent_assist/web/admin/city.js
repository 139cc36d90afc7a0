// A city's own document over what is shipped. A change is a function: where somebody else was faster it is done again on
// what she has made of it, so neither loses anything.
import { useState } from 'preact/hooks';
import { nameOf } from './structure.js';
import { get, part, post } from '../office/ask.js';
import { shown, useLoaded } from '../office/loaded.js';
import { act } from '../office/notice.js';
import { moment, say } from '../office/words.js';
import { html } from '../view.js';

/**
 * @template C
 * @typedef {{city: C, version: number}} CityFile
 */

/**
 * @template C
 * @param {string} path
 * @param {CityFile<C>} file
 * @param {(city: C) => C} change
 * @param {string} why
 */
export async function rewrite(path, file, change, why) {
  try {
    return await post(path, { city: change(file.city), based_on: file.version, why });
  } catch (trouble) {
    if (/** @type {import('../office/ask.js').Fault} */ (trouble).code !== 'edited_meanwhile') throw trouble;
    const newest = await get(path);
    return post(path, { city: change(newest.city), based_on: newest.version, why });
  }
}

/** An id for a rule of one's own: nobody needs to read it. */
export const newId = () => `own_${Date.now().toString(36)}`;

/**
 * Versions of a document, and back to one of them.
 * @param {{name: string, path: string, version: number, may: boolean, onRestored: () => void}} props
 */
export function DocumentVersions({ name, path, version, may, onRestored }) {
  const [open, setOpen] = useState(false);
  return html`
    <section class="report-box">
      <h2><button class="quiet" aria-expanded=${open} onClick=${() => setOpen(!open)}>${say('document.versions')}</button></h2>
      ${open && html`<${List} name=${name} path=${path} version=${version} may=${may} onRestored=${onRestored} />`}
    </section>`;
}

/** @param {{name: string, path: string, version: number, may: boolean, onRestored: () => void}} props */
function List({ name, path, version, may, onRestored }) {
  const [list, again] = useLoaded((signal) => get(`documents/${part(name)}`, {}, signal), [name, version]);
  /** @param {string} body @param {number} based_on */
  const put = async (body, based_on) => {
    await post(path, { city: JSON.parse(body), based_on, why: say('document.why_restored') });
    onRestored();
  };
  return shown(list, again, (/** @type {import('./types.js').Document[]} */ documents) => documents.length === 0 ? html`<p class="soft">${say('document.none')}</p>` : html`
    <ul class="lines">${documents.map((one) => html`
      <li key=${one.version} class="record"><div><b>v${one.version}</b> ${one.why} <p class="soft">${moment(one.at)} · ${nameOf(one.by)}</p></div>
        ${may && one.version !== version && html`<div class="deeds"><button onClick=${() => act(() => put(one.body, version), say('history.restored', { version: one.version }), () => put(documents[0].body, version + 1))}>${say('history.restore')}</button></div>`}</li>`)}</ul>`);
}
