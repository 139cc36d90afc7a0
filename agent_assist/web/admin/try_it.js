// A sentence as a caller might say it: which cards come, and why.
import { useState } from 'preact/hooks';
import { part, post } from '../office/ask.js';
import { act } from '../office/notice.js';
import { Page, typed } from '../office/page.js';
import { say } from '../office/words.js';
import { Empty, html } from '../view.js';

/** @typedef {{cards: import('../types.js').Suggestion[], terms: string[], best: number, bar: number, learnt: Record<string, number>, ms: number}} Tried */

export function TryIt() {
  const [text, setText] = useState('');
  const [tried, setTried] = useState(/** @type {{text: string, found: Tried} | null} */ (null));
  const ask = async (/** @type {Event} */ event) => {
    event.preventDefault();
    const found = await act(() => post('try', { text }));
    if (found) setTried({ text, found });
  };
  return html`
    <${Page} name="tryit">
      <form class="try" onSubmit=${ask}>
        <label class="field wide"><span>${say('tryit.sentence')}</span><input type="text" id="sentence" maxlength="1000" autofocus value=${text} placeholder=${say('tryit.hint')} onInput=${(/** @type {Event} */ event) => setText(typed(event))} /></label>
        <button class="main" disabled=${!text.trim()}>${say('tryit.ask')}</button>
      </form>
      <div aria-live="polite">${tried && html`<${Outcome} key=${tried.text} ...${tried} />`}</div>
    <//>`;
}

/** @param {{text: string, found: Tried}} props */
function Outcome({ text, found }) {
  const share = (/** @type {number} */ score) => `${Math.round(score * 100)} %`;
  return html`
    <p class="soft">“${text}” · ${say('tryit.took', { ms: found.ms.toFixed(1) })}</p>
    ${found.terms.length > 0 && html`<p>${say('tryit.terms')} ${found.terms.map((term) => html`<span class="badge">${term}</span> `)}</p>`}
    ${found.cards.length === 0
      ? html`<${Empty} title=${say('tryit.silence')}>${say(found.terms.length ? 'tryit.silence_why' : 'tryit.silence_no_topic', { bar: share(found.bar) })}<//>`
      : html`<ol class="lines">${found.cards.map((card) => html`
          <li key=${card.id} class="record"><div>
            <a href=${`#/entries/${part(card.id)}`}><b>${card.title}</b></a> <span class="badge">${say(`tryit.why_${card.why ?? 'words'}`)}</span>
            <p><meter min="0" max="1" value=${card.score} aria-label=${say('tryit.score')}></meter> ${share(card.score)}
              ${found.learnt[card.id] ? html` · ${say('tryit.learnt', { bonus: signed(found.learnt[card.id]) })}` : ''}</p>
            <p class="soft">${card.words.map((word) => html`<mark>${word}</mark> `)} ${[card.category.split('>').join(' › '), card.department].filter(Boolean).join(' · ')}</p>
          </div></li>`)}</ol>`}`;
}

/** '+0.21', '−0.05'. @param {number} value */
export const signed = (value) => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`;
