// What agents' deeds have taught the assistant: explained, measured, and forgotten when it is wrong.
import { useState } from 'preact/hooks';
import { signed } from './try_it.js';
import { get, part, post } from '../office/ask.js';
import { confirm } from '../office/confirm.js';
import { shown, useLoaded } from '../office/loaded.js';
import { may } from '../office/me.js';
import { act } from '../office/notice.js';
import { Page, typed } from '../office/page.js';
import { figure, language, say } from '../office/words.js';
import { Empty, html } from '../view.js';

/** @typedef {{term: string, word: string, gain: number, times: number, bonus: number, korean: string, english: string}} Term */
/** @typedef {{entry_id: string, title: string, learnt: Term[]}} Learnt */
/** @typedef {{before: number, after: number, low: number, high: number}} Change */
/** @typedef {{rows: {category: string, questions: number, calls: number, hit1: Change, hit3: Change, mrr: Change}[], idle: number, idle_before: number, idle_after: number}} AbReport */

/** Lessons of an entry that are shown. */
const MOST = 8;

export function Learning() {
  const [find, setFind] = useState('');
  const [all, again] = useLoaded((signal) => get('learning', {}, signal), []);
  const forget = async (/** @type {Learnt | null} */ one) => {
    const answer = await confirm({ title: one ? say('learning.forget_one', { title: one.title || one.entry_id }) : say('learning.forget_all'), text: say('learning.forget_text'), yes: say('learning.forget'), danger: true });
    if (answer === null) return;
    const gone = await act(() => post('learning/forget', { entry_id: one?.entry_id ?? null }), say('learning.forgotten'));
    if (gone) again();
  };
  return html`
    <${Page} name="learning" deeds=${may('editor') && html`<button class="danger-quiet" onClick=${() => forget(null)}>${say('learning.forget_every')}</button>`}>
      <${Report} />
      <div class="filters" role="search"><label class="find"><span class="heard-out">${say('entries.find')}</span><input type="search" placeholder=${say('entries.find')} value=${find} onInput=${(/** @type {Event} */ event) => setFind(typed(event))} /></label></div>
      ${shown(all, again, (/** @type {Learnt[]} */ list) => {
        const seen = list.filter((one) => !find.trim() || one.title.includes(find.trim()));
        return seen.length === 0 ? html`<${Empty} title=${say(find.trim() ? 'entries.none_found' : 'learning.none')} />` : html`
          <ul class="lines">${seen.map((one) => html`
            <li key=${one.entry_id} class="record"><div>
              <a href=${`#/entries/${part(one.entry_id)}`}><b>${one.title || one.entry_id}</b></a>
              <ul class="quotes">${one.learnt.slice(0, MOST).map((term) => html`<li key=${term.term}><span class=${term.gain < 0 ? 'badge of-deleted' : 'badge of-published'}>${term.word || say('learning.entry_itself')} <small>${signed(term.bonus)}</small></span> ${language.value === 'ko' ? term.korean : term.english}</li>`)}</ul>
              ${one.learnt.length > MOST && html`<p class="soft">${say('page.first', { shown: MOST, all: figure(one.learnt.length) })}</p>`}
            </div>${may('editor') && html`<div class="deeds"><button class="quiet" onClick=${() => forget(one)}>${say('learning.forget')}</button></div>`}</li>`)}</ul>`;
      })}
    <//>`;
}

/** @type {('hit1' | 'hit3' | 'mrr')[]} */
const MEASURES = ['hit1', 'hit3', 'mrr'];

function Report() {
  const [wanted, setWanted] = useState(false); // it takes the server some seconds: only when asked for
  const share = (/** @type {number} */ value) => `${(value * 100).toFixed(1)}`;
  if (!wanted) return html`<p><button onClick=${() => setWanted(true)}>${say('learning.measure')}</button></p>`;
  return html`<${Measured} share=${share} />`;
}

/** @param {{share: (value: number) => string}} props */
function Measured({ share }) {
  const [report, again] = useLoaded((signal) => get('learning/report', {}, signal), []);
  return shown(report, again, (/** @type {AbReport} */ { rows, idle, idle_before, idle_after }) => html`
    <section class="report-box"><h2>${say('learning.report')}</h2>
      ${rows.length === 0 ? html`<p class="soft">${say('learning.no_questions')}</p>` : html`
        <p class="soft">${say('learning.questions', { questions: figure(rows[0].questions), calls: figure(rows[0].calls) })}</p>
        <div class="scrolls" tabindex="0" role="region" aria-label=${say('learning.report')}><table>
          <thead><tr><th scope="col">${say('field.category_id')}</th><th scope="col" class="n">${say('learning.count')}</th>${MEASURES.map((name) => html`<th scope="col" class="n">${say(`learning.${name}`)}</th>`)}</tr></thead>
          <tbody>${rows.map((row) => html`<tr><th scope="row">${row.category || say('learning.everything')}</th><td class="n">${figure(row.questions)}</td>
            ${MEASURES.map((name) => html`<td class="n">${share(row[name].before)} → <b>${share(row[name].after)}</b><br /><small class="soft">${say('learning.interval', { low: share(row[name].low), high: share(row[name].high) })}</small></td>`)}</tr>`)}</tbody>
        </table></div>
        ${idle > 0 && html`<p class="soft">${say('learning.idle', { idle: figure(idle), before: share(idle_before), after: share(idle_after) })}</p>`}`}
    </section>`);
}
