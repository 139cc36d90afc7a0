// Where she is signed in; what is not hers she ends at once.
import { get, post } from '../office/ask.js';
import { shown, useLoaded } from '../office/loaded.js';
import { act } from '../office/notice.js';
import { Page } from '../office/page.js';
import { moment, say } from '../office/words.js';
import { html } from '../view.js';

/** @typedef {{id: string, made: string, seen: string, ends: string, address: string, browser: string, extension: string, way: 'password' | 'oidc', this: boolean}} Session */

export function Sessions() {
  const [loaded, again] = useLoaded((signal) => get('sessions', {}, signal), []);
  const end = async (/** @type {string} */ id) => {
    await act(() => post('sessions/revoke', { id }), say('sessions.ended'));
    again();
  };
  return html`
    <${Page} name="sessions">
      ${shown(loaded, again, (/** @type {Session[]} */ sessions) => html`
        <ul class="lines">${sessions.map((one) => html`
          <li key=${one.id} class="record">
            <div><b>${one.browser || say('sessions.unknown')}</b>${one.this && html` <span class="badge">${say('sessions.this')}</span>`}
              <p class="soft">${[one.address, one.extension && say('sessions.at', { extension: one.extension }), say('sessions.made', { at: moment(one.made) }), say('sessions.seen', { at: moment(one.seen) }), say('sessions.ends', { at: moment(one.ends) })].filter(Boolean).join(' · ')}</p></div>
            ${!one.this && html`<div class="deeds"><button class="quiet" onClick=${() => end(one.id)}>${say('sessions.end')}</button></div>`}
          </li>`)}</ul>
        ${sessions.length > 1 && html`<p class="deeds under"><button onClick=${() => end('')}>${say('sessions.others')}</button></p>`}`)}
    <//>`;
}
