// Two have edited at once: what she gets is both, merged; here she sees what was taken over and decides where both changed the same.
import { fieldText } from './field_text.js';
import { conflicts, resolved } from './markers.js';
import { nameOf } from './structure.js';
import { moment, say } from '../office/words.js';
import { html } from '../view.js';

/** @typedef {import('./types.js').Merge} Merge */
/** @typedef {import('./types.js').Content} Content */

/** @param {{merge: Merge, content: Content, onChange: (change: Partial<Content>) => void}} props */
export function ConflictView({ merge, content, onChange }) {
  const { newest, conflicts: clashes } = merge;
  const taken = merge.taken.filter((name) => !clashes.some((one) => one.field === name));
  const single = clashes.filter((one) => !(one.field in MARKED));
  const open = Object.keys(MARKED).flatMap((field) => conflicts(String(content[/** @type {keyof Content} */ (field)])).map((block, at) => ({ field, block, at })));
  return html`
    <section class="conflict" aria-labelledby="conflict-title" role="alert">
      <h2 id="conflict-title">${say('conflict.title')}</h2>
      <p>${say('conflict.who', { name: nameOf(newest.by), when: moment(newest.at), version: newest.version })}${newest.why && html` — “${newest.why}”`}</p>
      <p>${say(single.length || open.length ? 'conflict.decide' : 'conflict.clean')}</p>
      ${taken.length > 0 && html`<p class="soft">${say('conflict.taken', { fields: taken.map((name) => say(`field.${name}`)).join(', ') })}</p>`}
      ${single.map((clash) => html`<${Single} key=${clash.field} clash=${clash} merge=${merge} content=${content} onChange=${onChange} />`)}
      ${open.map(({ field, block, at }) => html`
        <div class="clash" key=${`${field}-${at}-${block.mine}`}>
          <h3>${say(`field.${field}`)}</h3>
          <div class="sides">
            <figure tabindex="0"><figcaption>${say('conflict.theirs')}</figcaption><pre>${block.theirs || say('conflict.nothing')}</pre></figure>
            <figure tabindex="0"><figcaption>${say('conflict.mine')}</figcaption><pre>${block.mine || say('conflict.nothing')}</pre></figure>
          </div>
          <div class="deeds">
            ${/** @type {const} */ (['theirs', 'mine', 'both']).map((side) => html`
              <button type="button" onClick=${() => onChange({ [field]: resolved(String(content[/** @type {keyof Content} */ (field)]), at, side) })}>${say(`conflict.take_${side}`)}</button>`)}
          </div>
        </div>`)}
    </section>`;
}

/** Texts in which both sides stand between marks. */
const MARKED = { body: true, message: true };

/** @param {{clash: import('./types.js').Conflict, merge: Merge, content: Content, onChange: (change: Partial<Content>) => void}} props */
function Single({ clash, merge, content, onChange }) {
  const name = /** @type {keyof Content} */ (clash.field);
  const theirs = merge.newest[name];
  const mine = merge.mine[name];
  const is = (/** @type {unknown} */ value) => JSON.stringify(content[name]) === JSON.stringify(value);
  return html`
    <div class="clash">
      <h3>${say(`field.${name}`)}</h3>
      <div class="sides">
        <figure tabindex="0"><figcaption>${say('conflict.theirs')}</figcaption><pre>${fieldText(name, theirs) || say('conflict.nothing')}</pre></figure>
        <figure tabindex="0"><figcaption>${say('conflict.mine')}</figcaption><pre>${fieldText(name, mine) || say('conflict.nothing')}</pre></figure>
      </div>
      <div class="deeds">
        <button type="button" aria-pressed=${is(theirs)} class=${is(theirs) ? 'on' : ''} onClick=${() => onChange({ [name]: theirs })}>${say('conflict.take_theirs')}</button>
        <button type="button" aria-pressed=${is(mine)} class=${is(mine) ? 'on' : ''} onClick=${() => onChange({ [name]: mine })}>${say('conflict.take_mine')}</button>
      </div>
    </div>`;
}
