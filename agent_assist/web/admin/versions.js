// All versions of an entry: who, when, why; the difference of any two; back to an older one, and back again.
import { useState } from 'preact/hooks';
import { Diff } from './diff.js';
import { nameOf } from './structure.js';
import { get, part, post } from '../office/ask.js';
import { shown, useLoaded } from '../office/loaded.js';
import { act } from '../office/notice.js';
import { moment, say } from '../office/words.js';
import { html } from '../view.js';

/** @param {{id: string, newest: number, may: boolean, onRestored: () => void}} props */
export function Versions({ id, newest, may, onRestored }) {
  const [versions, again] = useLoaded((signal) => get(`entries/${part(id)}/versions`, {}, signal), [id, newest]);
  const [a, setA] = useState(Math.max(newest - 1, 1));
  const [b, setB] = useState(newest);
  const [diff, diffAgain] = useLoaded((signal) => get(`entries/${part(id)}/diff`, { a, b }, signal), [id, a, b]);
  /** @param {number} version */
  const restore = (version) => act(
    async () => {
      const made = await post(`entries/${part(id)}/restore`, { version, based_on: newest });
      onRestored();
      return made;
    },
    say('history.restored', { version }),
    async (made) => {
      await post(`entries/${part(id)}/restore`, { version: newest, based_on: made.version });
      onRestored();
    });
  return html`
    <div class="history">
      ${shown(versions, again, (/** @type {import('./types.js').EntryVersion[]} */ list) => html`
        <ol class="versions">
          ${list.map((one) => html`
            <li key=${one.version}>
              <label title=${say('history.from')}><input type="radio" name="a" checked=${a === one.version} onChange=${() => setA(one.version)} /><span class="heard-out">${say('history.from')} v${one.version}</span></label>
              <label title=${say('history.to')}><input type="radio" name="b" checked=${b === one.version} onChange=${() => setB(one.version)} /><span class="heard-out">${say('history.to')} v${one.version}</span></label>
              <div>
                <b>v${one.version}</b> <span class=${`badge of-${one.state}`}>${say(`state.${one.state}`)}</span>
                <span class="soft">${moment(one.at)} · ${one.by === 'import' ? say('by.import') : nameOf(one.by)}</span>
                ${one.why && html`<p>${one.why}</p>`}
              </div>
              ${may && one.version !== newest && html`<button onClick=${() => restore(one.version)}>${say('history.restore')}</button>`}
            </li>`)}
        </ol>`)}
      <section class="difference" aria-live="polite">
        <h2>${say('history.difference', { a, b })}</h2>
        ${shown(diff, diffAgain, (changes) => html`<${Diff} changes=${changes} />`)}
      </section>
    </div>`;
}
