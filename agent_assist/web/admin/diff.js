// What differs between two versions: field by field, lines taken out and put in.
import { say } from '../office/words.js';
import { html } from '../view.js';

const SIGNS = { removed: '−', added: '+', same: '' };
/** Lines that did not change are shown so far around a change. */
const AROUND = 2;

/** @param {{changes: import('./types.js').FieldChange[]}} props */
export function Diff({ changes }) {
  if (changes.length === 0) return html`<p class="soft">${say('history.no_difference')}</p>`;
  return html`
    <div class="diff">
      ${changes.map(({ field, before, after, lines }) => html`
        <section key=${field}>
          <h3>${say(`field.${field}`)}</h3>
          ${lines.length > 1
            ? html`<div class="lines-of">${near(lines).map((line) => line === null
                ? html`<p class="gap">⋯</p>`
                : html`<p class=${line.kind}><span aria-hidden="true">${SIGNS[line.kind]}</span>${line.kind !== 'same' && html`<span class="heard-out">${say(`diff.${line.kind}`)}</span>`}${line.text || ' '}</p>`)}</div>`
            : html`<p class="removed"><span aria-hidden="true">−</span><span class="heard-out">${say('diff.removed')}</span>${before || say('conflict.nothing')}</p>
                <p class="added"><span aria-hidden="true">+</span><span class="heard-out">${say('diff.added')}</span>${after || say('conflict.nothing')}</p>`}
        </section>`)}
    </div>`;
}

/**
 * Changes with the lines around them; null = lines left out.
 * @param {import('./types.js').LineChange[]} lines
 */
export function near(lines) {
  const close = lines.map((_, at) => lines.slice(Math.max(0, at - AROUND), at + AROUND + 1).some((line) => line.kind !== 'same'));
  /** @type {(import('./types.js').LineChange | null)[]} */
  const found = [];
  lines.forEach((line, at) => {
    if (close[at]) found.push(line);
    else if (found.at(-1) !== null) found.push(null);
  });
  return found;
}
