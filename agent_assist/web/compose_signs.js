// Signs that do not arrive as they were written: which, where, what becomes of them. Told before the text goes.
import { say } from './messages.js';
import { html } from './view.js';

/** @typedef {import('./types.js').SignChange} SignChange */

/** More are only counted. */
const SHOWN = 4;

/** @param {{changes: SignChange[]}} props Letters that cannot go first, for they keep the text back. */
export function Signs({ changes }) {
  if (!changes.length) return null;
  const sorted = [...changes].sort((a, b) => Number(b.fate === 'refused') - Number(a.fate === 'refused') || a.start - b.start);
  return html`
    <ul class="signs" aria-label=${say('compose.signs')}>
      ${sorted.slice(0, SHOWN).map(({ start, sign, fate, becomes }) => html`
        <li key=${start} class=${fate}><b>${sign}</b> <span>${say(`compose.sign.${fate}`, { place: start + 1, becomes })}</span></li>`)}
      ${sorted.length > SHOWN && html`<li class="soft">${say('compose.signs_more', { count: sorted.length - SHOWN })}</li>`}
    </ul>`;
}
