// Which entries are used, and which never.
import { useState } from 'preact/hooks';
import { Heads } from './due.js';
import { get, part } from '../office/ask.js';
import { shown, useLoaded } from '../office/loaded.js';
import { Choices, Page } from '../office/page.js';
import { figure, say } from '../office/words.js';
import { Empty, html } from '../view.js';

/** @typedef {import('./types.js').EntryHead} EntryHead */
/** @typedef {{shown: number, opened: number, accepted: number, dismissed: number, sent: number}} Counts */
/** @typedef {{most: {head: EntryHead, usage: Counts}[], never: EntryHead[], never_count: number}} Lists */

/** @type {(keyof Counts)[]} */
const COUNTED = ['shown', 'opened', 'accepted', 'sent', 'dismissed'];

export function Usage() {
  const [days, setDays] = useState('90');
  const [lists, again] = useLoaded((signal) => get('usage', { days }, signal), [days]);
  return html`
    <${Page} name="usage">
      <${Choices} label=${say('usage.days')} value=${days} onChange=${setDays} options=${['7', '30', '90', '365'].map((value) => ({ value, label: say('usage.of_days', { days: value }) }))} />
      ${shown(lists, again, (/** @type {Lists} */ { most, never, never_count: unused }) => html`
        <h2>${say('usage.most')}</h2>
        ${most.length === 0 ? html`<${Empty} title=${say('usage.none')} />` : html`
          <div class="scrolls" tabindex="0" role="region" aria-label=${say('usage.most')}><table>
            <thead><tr><th scope="col">${say('field.title')}</th>${COUNTED.map((name) => html`<th scope="col" class="n">${say(`usage.${name}`)}</th>`)}</tr></thead>
            <tbody>${most.map(({ head, usage }) => html`
              <tr key=${head.entry_id}><th scope="row"><a href=${`#/entries/${part(head.entry_id)}`}>${head.title}</a> <small class="soft">${head.department}</small></th>
                ${COUNTED.map((name) => html`<td class="n">${figure(usage[name])}</td>`)}</tr>`)}</tbody>
          </table></div>`}
        <h2>${say('usage.never')} <b>${figure(unused)}</b></h2>
        <${Heads} heads=${never} all=${unused} none=${say('usage.none_never')} />`)}
    <//>`;
}
