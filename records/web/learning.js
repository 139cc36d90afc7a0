// What confirmed records have taught the drafts: counts that can be looked at and forgotten.
import { get, post } from 'desk/office/ask.js';
import { confirm } from 'desk/office/confirm.js';
import { shown, useLoaded } from 'desk/office/loaded.js';
import { may } from 'desk/office/me.js';
import { act } from 'desk/office/notice.js';
import { Page } from 'desk/office/page.js';
import { figure, say } from 'desk/office/words.js';
import { Empty, html } from 'desk/view.js';
import { inWords } from './wording.js';

/** @typedef {'category' | 'department' | 'result'} Kind */
/** @typedef {{kind: Kind, labels: import('./types.js').Told[]}} Taught */

export function LearningPage() {
  const [loaded, again] = useLoaded((signal) => get('learning', {}, signal), []);
  const forget = async (/** @type {Kind | null} */ kind, /** @type {string} */ label) => {
    const answer = await confirm({ title: say('learning.forget_ask'), text: label && kind ? inWords(kind, label) : say('learning.forget_all_text'), yes: say('learning.forget'), danger: true });
    if (answer === null) return;
    await act(() => post('learning/forget', { kind, label }), say('learning.forgotten'));
    again();
  };
  return html`
    <${Page} name="learning" deeds=${may('supervisor') && html`<button class="danger-quiet" onClick=${() => forget(null, '')}>${say('learning.forget_all')}</button>`}>
      ${shown(loaded, again, ({ fields, titles }) => fields.every((/** @type {Taught} */ one) => one.labels.length === 0)
        ? html`<${Empty} title=${say('learning.none')}>${say('learning.none_next')}<//>`
        : fields.map((/** @type {Taught} */ { kind, labels }) => labels.length > 0 && html`
          <section key=${kind}>
            <h2>${say(`record.${kind}`)}</h2>
            <ul class="lines">
              ${labels.map((one) => html`
                <li key=${one.label} class="record">
                  <div>
                    <p class="say">${inWords(kind, one.label)} <span class="soft">${say('learning.times', { count: figure(one.times) })}</span></p>
                    <p class="soft">${one.features.map(([feature, times]) => `${named(kind, feature, titles)} ${times}`).join(' · ')}</p>
                  </div>
                  ${may('supervisor') && html`<div class="deeds"><button class="quiet" onClick=${() => forget(kind, one.label)}>${say('learning.forget')}</button></div>`}
                </li>`)}
            </ul>
          </section>`))}
    <//>`;
}

/**
 * A feature in words: a word as it is, a card, what the draft had guessed.
 * @param {Kind} kind @param {string} feature @param {Record<string, string>} titles of entries, by id
 */
function named(kind, feature, titles) {
  const value = feature.slice(2);
  if (feature.startsWith('g:')) return say('learning.guessed', { value: inWords(kind, value) || say('record.empty') });
  if (!feature.startsWith('c:')) return value;
  return value in titles ? say('learning.card', { title: titles[value] }) : say('learning.card_gone', { id: value });
}
