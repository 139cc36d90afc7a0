// How sure the house is, said calmly: three steps and a word, never a bare number.
import { say } from './messages.js';
import { html } from './view.js';

const STEPS = [0, 0.55, 0.75];

/** @param {number} score 0..1 @returns {1 | 2 | 3} */
export function sureness(score) {
  return /** @type {1 | 2 | 3} */ (Math.max(1, STEPS.filter((least) => score >= least).length));
}

/** @param {{score: number}} props */
export function Sure({ score }) {
  const steps = sureness(score);
  return html`
    <span class="sure" title=${say('cards.sure', { percent: Math.round(score * 100) })}>
      <span class="sure-bar" aria-hidden="true">${STEPS.map((_, at) => html`<i class=${at < steps ? 'on' : ''}></i>`)}</span>${say(`cards.sure.${steps}`)}
    </span>`;
}
