// Who is signed in, where and since when; ended at once, open pages included.
import { get, part, post } from 'desk/office/ask.js';
import { confirm } from 'desk/office/confirm.js';
import { shown, useLoaded } from 'desk/office/loaded.js';
import { act } from 'desk/office/notice.js';
import { Page } from 'desk/office/page.js';
import { figure, moment, say } from 'desk/office/words.js';
import { Empty, html } from 'desk/view.js';

/** @typedef {import('./types.js').SessionSeen} SessionSeen */

/** @param {{account: string}} props '' = of everybody */
export function Sessions({ account }) {
  const [loaded, again] = useLoaded((signal) => get('sessions', { account }, signal), [account]);
  const end = async (/** @type {SessionSeen} */ session) => {
    if (session.this && (await confirm({ title: say('sessions.this.sure'), yes: say('sessions.end'), danger: true })) === null) return;
    await act(() => post(`sessions/${part(session.id)}/revoke`), say('sessions.ended'));
    again();
  };
  const endAll = async () => {
    if ((await confirm({ title: say('sessions.all.sure', { id: account }), text: say('sessions.all.text'), yes: say('sessions.all'), danger: true })) === null) return;
    await act(() => post(`accounts/${part(account)}/revoke`), say('sessions.ended'));
    again();
  };
  return html`
    <${Page} name="sessions" deeds=${account && html`<a class="button" href="#/sessions">${say('sessions.everybody')}</a><button onClick=${endAll}>${say('sessions.all')}</button>`}>
      ${shown(loaded, again, (/** @type {{sessions: SessionSeen[]}} */ { sessions }) => sessions.length === 0
        ? html`<${Empty} title=${say('sessions.none')} />`
        : html`
          <p class="soft">${say('sessions.count', { count: figure(sessions.length) })}</p>
          <table class="table">
            <thead><tr>${['who', 'where', 'made', 'seen', 'ends'].map((name) => html`<th key=${name} scope="col">${say(`sessions.${name}`)}</th>`)}<th><span class="heard-out">${say('sessions.end')}</span></th></tr></thead>
            <tbody>${sessions.map((one) => html`
              <tr key=${one.id}>
                <td><a href=${`#/sessions/${encodeURIComponent(one.account_id)}`}>${one.name}</a> <span class="soft">${one.account_id}</span></td>
                <td>${[one.browser || say('sessions.unknown'), one.address, one.extension && say('accounts.at', { extension: one.extension }), one.way === 'oidc' && say('accounts.origin.oidc')].filter(Boolean).join(' · ')}</td>
                <td>${moment(one.made)}</td><td>${moment(one.seen)}</td><td>${moment(one.ends)}</td>
                <td><button class="quiet" onClick=${() => end(one)}>${say(one.this ? 'sessions.end_this' : 'sessions.end')}</button></td>
              </tr>`)}</tbody>
          </table>`)}
    <//>`;
}
