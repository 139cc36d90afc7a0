// What many callers spoke of at once, now and before.
import { useRef, useState } from 'preact/hooks';
import { nameOf } from './structure.js';
import { get, part, post } from '../office/ask.js';
import { shown, useEvery, useLoaded } from '../office/loaded.js';
import { act } from '../office/notice.js';
import { Page } from '../office/page.js';
import { moment, say } from '../office/words.js';
import { Empty, html } from '../view.js';

/** @typedef {import('./types.js').Issue} Issue */

const LOOK_MS = 10_000;

export function Radar() {
  const [list, setList] = useState(/** @type {{issues: Issue[], more: boolean} | null} */ (null));
  const paged = useRef(false);
  const [first, again] = useLoaded(async (signal) => {
    const page = await get('issues', {}, signal);
    setList(page);
    return page;
  }, []);
  useEvery(again, LOOK_MS, () => !paged.current); // what rises wants to be seen; older pages that were asked for stay
  const more = async () => {
    paged.current = true;
    const before = list?.issues ?? [];
    const page = await act(() => get('issues', { before: before.at(-1)?.since }));
    if (page) setList({ issues: [...before, ...page.issues], more: page.more });
  };
  return html`
    <${Page} name="radar" deeds=${html`<button onClick=${again}>${say('page.refresh')}</button>`}>
      ${shown(first, again, () => list && html`
        ${list.issues.length === 0 ? html`<${Empty} title=${say('radar.none')}>${say('radar.none_next')}<//>` : html`
          <ul class="lines">${list.issues.map((issue) => html`
            <li key=${issue.issue_id} class="record"><div>
              <b>${issue.terms.join(' · ')}</b> <span class=${`badge of-issue-${issue.state}`}>${say(`radar.${issue.state}`)}</span>${issue.district && html` <span class="badge">${issue.district}</span>`}
              <p>${say('radar.calls', { calls: issue.calls, usual: issue.usual.toFixed(1) })}</p>
              <ul class="quotes">${issue.quotes.map((quote) => html`<li>“${quote}”</li>`)}</ul>
              <p>${issue.entry_id ? html`<a href=${`#/entries/${part(issue.entry_id)}`}>${say('radar.entry', { title: issue.entry_title })}</a>` : html`<span class="late">${say('radar.no_entry')}</span>`}</p>
              <p class="soft">${moment(issue.since)}${issue.by && ` · ${say('radar.seen_by', { name: nameOf(issue.by) })}`}</p>
            </div>${issue.state === 'rising' && html`<div class="deeds"><button onClick=${async () => { await act(() => post(`issues/${part(issue.issue_id)}/seen`), say('radar.told')); again(); }}>${say('radar.see')}</button></div>`}</li>`)}</ul>`}
        ${list.more && html`<button class="more" onClick=${more}>${say('page.more')}</button>`}`)}
    <//>`;
}
