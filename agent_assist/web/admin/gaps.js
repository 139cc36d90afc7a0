// What callers asked for without finding a card, in groups: make an entry of it, say which covers it, or let it be.
import { useState } from 'preact/hooks';
import { pickEntry } from './pick_entry.js';
import { sow } from './seed.js';
import { get, part, post } from '../office/ask.js';
import { go } from '../office/leaving.js';
import { shown, useLoaded } from '../office/loaded.js';
import { may } from '../office/me.js';
import { act } from '../office/notice.js';
import { Choices, Page } from '../office/page.js';
import { figure, moment, say } from '../office/words.js';
import { Empty, html } from '../view.js';

/** @typedef {{words: string[], size: number, calls: number, gap_ids: string[], examples: string[], first: string, last: string}} Cluster */

const EXAMPLES = 3;

export function Gaps() {
  const [state, setState] = useState('open');
  const [page, again] = useLoaded((signal) => get('gaps', { state }, signal), [state]);
  return html`
    <${Page} name="gaps">
      <${Choices} label=${say('gaps.state')} value=${state} onChange=${setState} options=${['open', 'covered', 'ignored'].map((value) => ({ value, label: say(`gaps.${value}`) }))} />
      ${shown(page, again, (/** @type {{clusters: Cluster[], count: number, covered: Record<string, string>}} */ { clusters, count, covered }) => clusters.length === 0
        ? html`<${Empty} title=${say(`gaps.none_${state}`)}>${state === 'open' && say('gaps.none_next')}<//>`
        : html`<p class="soft">${say('gaps.count', { count: figure(count) })}</p>
          <ul class="lines">${clusters.map((cluster) => html`<${Group} key=${cluster.gap_ids[0]} cluster=${cluster} entry=${covered[cluster.gap_ids[0]] ?? ''} state=${state} onChanged=${again} />`)}</ul>`)}
    <//>`;
}

/** @param {{cluster: Cluster, entry: string, state: string, onChanged: () => void}} props */
function Group({ cluster, entry, state, onChanged }) {
  const [all, setAll] = useState(false);
  const { words, examples, gap_ids: ids } = cluster;
  /** @param {string} to @param {string} entry_id */
  const settle = async (to, entry_id = '') => {
    const put = async (/** @type {string} */ wanted, /** @type {string} */ entry) => {
      await post('gaps', { gap_ids: ids, state: wanted, entry_id: entry });
      onChanged();
    };
    await act(() => put(to, entry_id), say(`gaps.told_${to}`), () => put(state, entry));
  };
  const cover = async () => {
    const id = await pickEntry(words.join(' '));
    if (id) await settle('covered', id);
  };
  const write = () => {
    sow({ title: words.join(' '), keywords: [...words] });
    go('#/entries/new');
  };
  return html`
    <li class="record">
      <div>
        <b>${words.join(' · ')}</b> <span class="badge">${say('gaps.times', { times: figure(cluster.size), calls: figure(cluster.calls) })}</span>
        <ul class="quotes">${(all ? examples : examples.slice(0, EXAMPLES)).map((text) => html`<li key=${text}>“${text}”</li>`)}</ul>
        ${examples.length > EXAMPLES && html`<button class="quiet" aria-expanded=${all} onClick=${() => setAll(!all)}>${say(all ? 'gaps.less' : 'gaps.all', { count: examples.length })}</button>`}
        <p class="soft">${say('gaps.when', { first: moment(cluster.first), last: moment(cluster.last) })}</p>
        ${entry && html`<p><a href=${`#/entries/${part(entry)}`}>${say('gaps.covered_by', { id: entry })}</a></p>`}
      </div>
      ${may('editor', 'owner') && html`<div class="deeds">
        ${state === 'open'
          ? html`<button onClick=${write}>${say('gaps.write')}</button><button class="quiet" onClick=${cover}>${say('gaps.cover')}</button><button class="quiet" onClick=${() => settle('ignored')}>${say('gaps.ignore')}</button>`
          : html`<button class="quiet" onClick=${() => settle('open')}>${say('gaps.reopen')}</button>`}
      </div>`}
    </li>`;
}
