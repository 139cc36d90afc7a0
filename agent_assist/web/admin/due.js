// What is late, and what expires soon.
import { useState } from 'preact/hooks';
import { Line } from './entries.js';
import { get } from '../office/ask.js';
import { shown, useLoaded } from '../office/loaded.js';
import { Choices, Page, walk } from '../office/page.js';
import { figure, say } from '../office/words.js';
import { Empty, html } from '../view.js';

/** @typedef {import('./types.js').EntryHead} EntryHead */
/** @typedef {{overdue: EntryHead[], overdue_count: number, expiring: EntryHead[], expiring_count: number}} Lists */

export function Due() {
  const [days, setDays] = useState('30');
  const [lists, again] = useLoaded((signal) => get('due', { days }, signal), [days]);
  return html`
    <${Page} name="due">
      ${shown(lists, again, (/** @type {Lists} */ { overdue, overdue_count: late, expiring, expiring_count: soon }) => html`
        <h2>${say('due.overdue')} <b>${figure(late)}</b></h2>
        <${Heads} heads=${overdue} all=${late} none=${say('due.none_overdue')} />
        <h2>${say('due.expiring')} <b>${figure(soon)}</b></h2>
        <${Choices} label=${say('due.days')} value=${days} onChange=${setDays} options=${['7', '30', '90', '365'].map((value) => ({ value, label: say('due.in_days', { days: value }) }))} />
        <${Heads} heads=${expiring} all=${soon} none=${say('due.none_expiring')} />`)}
    <//>`;
}

/** @param {{heads: EntryHead[], all: number, none: string}} props */
export function Heads({ heads, all, none }) {
  if (heads.length === 0) return html`<${Empty} title=${none} />`;
  return html`
    <ul class="lines" onKeyDown=${walk}>${heads.map((head) => html`<${Line} key=${head.entry_id} head=${head} />`)}</ul>
    ${all > heads.length && html`<p class="soft">${say('page.first', { shown: heads.length, all: figure(all) })}</p>`}`;
}
