// How the deliveries to one receiver went: what waits and why, what was given up, sent again by hand.
import { useState } from 'preact/hooks';
import { get, part, post } from 'desk/office/ask.js';
import { shown, useEvery, useLoaded } from 'desk/office/loaded.js';
import { act } from 'desk/office/notice.js';
import { Choices, Page } from 'desk/office/page.js';
import { moment, say } from 'desk/office/words.js';
import { Empty, html } from 'desk/view.js';

/** @typedef {import('./types.js').DeliverySeen} DeliverySeen */
/** @typedef {import('./types.js').DeliveryPage} DeliveryPage */

const STATES = ['', 'waiting', 'dead', 'delivered'];
/** The newest page looks again so often. */
const LOOK_MS = 4000;

/** @param {{id: string}} props */
export function Deliveries({ id }) {
  const base = `webhooks/${part(id)}`;
  const [state, setState] = useState('');
  const [before, setBefore] = useState(0);
  const [loaded, again] = useLoaded((signal) => get(`${base}/deliveries`, { state, before: before || undefined }, signal), [id, state, before]);
  useEvery(again, LOOK_MS, () => before === 0);
  const choose = (/** @type {string} */ value) => { setState(value); setBefore(0); };
  const resendAll = () => act(async () => { await post(`${base}/resend`); again(); }, say('webhooks.resent'));
  return html`
    <${Page} name="webhooks" title=${say('webhooks.deliveries')} deeds=${html`
      <a class="button quiet" href="#/webhooks">${say('webhooks.back')}</a>
      <button onClick=${resendAll}>${say('webhooks.resend_dead')}</button>`}>
      <div class="filters"><${Choices} label=${say('webhooks.state')} value=${state} onChange=${choose} options=${STATES.map((value) => ({ value, label: say(`webhooks.state.${value || 'all'}`) }))} /></div>
      ${shown(loaded, again, (/** @type {DeliveryPage} */ page) => (page.deliveries.length === 0 ? html`<${Empty} title=${say('webhooks.no_deliveries')}>${say('webhooks.no_deliveries_next')}<//>` : html`
        <div class="table-box"><table class="table deliveries">
          <thead><tr>${['at', 'topic', 'state', 'answer', 'tries', 'next'].map((name) => html`<th scope="col" key=${name}>${say(`webhooks.column.${name}`)}</th>`)}<td></td></tr></thead>
          <tbody>${page.deliveries.map((one) => html`<${Row} key=${one.id} one=${one} base=${base} again=${again} />`)}</tbody>
        </table></div>
        ${page.next > 0 && html`<p class="more"><button onClick=${() => setBefore(page.next)}>${say('webhooks.older')}</button></p>`}`))}
    <//>`;
}

/** @param {{one: DeliverySeen, base: string, again: () => void}} props */
function Row({ one, base, again }) {
  const resend = () => act(async () => { await post(`${base}/deliveries/${part(one.id)}/resend`); again(); }, say('webhooks.resent'));
  const answer = [one.status > 0 && String(one.status), one.fault && say(`webhooks.fault.${one.fault}`)].filter(Boolean).join(' · ');
  return html`
    <tr>
      <td><time>${moment(one.made)}</time></td>
      <td>${one.contact_id ? html`<a href=${`#/contacts/${part(one.contact_id)}`}>${say(`webhooks.topic.${one.topic}`)}</a>` : say(`webhooks.topic.${one.topic}`)}</td>
      <td><span class=${`badge of-${one.state}`}>${say(`webhooks.state.${one.state}`)}</span></td>
      <td>${answer}</td>
      <td>${one.tries}</td>
      <td>${one.next_at && one.tries > 0 ? moment(one.next_at) : ''}</td>
      <td>${one.state !== 'waiting' && html`<button class="quiet" onClick=${resend}>${say('webhooks.resend')}</button>`}</td>
    </tr>`;
}
