// Who may sign in: accounts of the file, of this page and of the identity provider.
import { useState } from 'preact/hooks';
import { get, part, post } from 'desk/office/ask.js';
import { confirm } from 'desk/office/confirm.js';
import { shown, useLoaded } from 'desk/office/loaded.js';
import { me } from 'desk/office/me.js';
import { act } from 'desk/office/notice.js';
import { Choices, Page, Select, typed } from 'desk/office/page.js';
import { moment, say } from 'desk/office/words.js';
import { Empty, html } from 'desk/view.js';
import { AccountFields, NEW } from './form.js';
import { Once } from './once.js';

/** @typedef {import('./types.js').AccountSeen} AccountSeen */
/** @typedef {import('./types.js').AccountList} AccountList */
/** @typedef {{id: string, code: string, until: string}} Handed what is to be handed to somebody */

export function Accounts() {
  const [loaded, again] = useLoaded((signal) => get('accounts', {}, signal), []);
  const [open, setOpen] = useState(/** @type {string | null} */ (null)); // '' = a new one
  const [handed, setHanded] = useState(/** @type {Handed | null} */ (null));
  const done = (/** @type {string} */ id, /** @type {import('./types.js').Invited | undefined} */ invited) => {
    setOpen(null);
    if (invited) setHanded({ id, ...invited });
    again();
  };
  return html`
    <${Page} name="accounts" deeds=${html`<button class="main" disabled=${open === ''} onClick=${() => setOpen('')}>${say('accounts.new')}</button>`}>
      ${handed && html`<${Once} title=${say('accounts.code_for', { id: handed.id })} secret=${handed.code}
        hint=${say('accounts.code_hint', { where: `${location.origin}/signin/invitation`, until: moment(handed.until) })} onDone=${() => setHanded(null)} />`}
      ${shown(loaded, again, (/** @type {AccountList} */ { accounts, teams }) => html`
        ${open === '' && html`<${New} teams=${teams} onDone=${done} />`}
        <${List} accounts=${accounts} teams=${teams} open=${open} onOpen=${setOpen} onDone=${done} onChanged=${again} onHanded=${setHanded} />`)}
    <//>`;
}

/** @param {{teams: string[], onDone: (id: string, invited?: import('./types.js').Invited) => void}} props */
function New({ teams, onDone }) {
  return html`<${AccountFields} record=${NEW} fresh follows=${false} teams=${teams} onDone=${(/** @type {any} */ invited, /** @type {string} */ id = '') => onDone(id, invited)} />`;
}

/**
 * @param {{accounts: AccountSeen[], teams: string[], open: string | null, onOpen: (id: string | null) => void, onDone: (id: string) => void,
 *   onChanged: () => void, onHanded: (handed: Handed) => void}} props
 */
function List({ accounts, teams, open, onOpen, onDone, onChanged, onHanded }) {
  const [find, setFind] = useState('');
  const [team, setTeam] = useState('');
  const [state, setState] = useState('open');
  const wanted = find.trim().toLowerCase();
  const found = accounts.filter(({ account }) =>
    (state === 'all' || account.disabled === (state === 'disabled')) && (!team || account.team === team)
    && (!wanted || `${account.name} ${account.id} ${account.extension}`.toLowerCase().includes(wanted)));
  return html`
    <div class="filters" role="search">
      <label class="find"><span class="heard-out">${say('accounts.find')}</span><input type="search" placeholder=${say('accounts.find')} value=${find} onInput=${(/** @type {Event} */ event) => setFind(typed(event))} /></label>
      ${teams.length > 0 && html`<${Select} label=${say('accounts.team')} none=${say('accounts.all_teams')} value=${team} options=${teams.map((one) => ({ value: one, label: one }))} onChange=${setTeam} />`}
      <${Choices} label=${say('accounts.state')} value=${state} onChange=${setState} options=${['open', 'disabled', 'all'].map((value) => ({ value, label: say(`accounts.state.${value}`) }))} />
    </div>
    ${found.length === 0 ? html`<${Empty} title=${say('accounts.none_found')} />` : html`
      <ul class="lines">${found.map((seen) => html`
        <li key=${seen.account.id} class="record">
          ${open === seen.account.id
            ? html`<${AccountFields} record=${formOf(seen)} fresh=${false} follows=${seen.account.origin === 'oidc'} teams=${teams} onDone=${() => onDone(seen.account.id)} />`
            : html`<${Line} seen=${seen} onOpen=${onOpen} onChanged=${onChanged} onHanded=${onHanded} />`}
        </li>`)}</ul>`}`;
}

/** @param {{seen: AccountSeen, onOpen: (id: string) => void, onChanged: () => void, onHanded: (handed: Handed) => void}} props */
function Line({ seen, onOpen, onChanged, onHanded }) {
  const { account } = seen;
  const mine = account.id === me.value.id;
  const step = async (/** @type {string} */ name, /** @type {{sure?: boolean, undo?: string}} */ { sure, undo } = {}) => {
    if (sure && (await confirm({ title: say(`accounts.${name}.sure`, { name: account.name }), text: say(`accounts.${name}.text`), yes: say(`accounts.${name}`), danger: true })) === null) return;
    const path = `accounts/${part(account.id)}/`;
    const way = undo && (async () => { await post(path + undo); onChanged(); });
    const result = await act(() => post(path + name), name === 'invite' ? undefined : say(`accounts.${name}.done`, { name: account.name }), way || undefined);
    if (result?.code) onHanded({ id: account.id, ...result });
    onChanged();
  };
  return html`
    <div>
      <b>${account.name}</b> <span class="soft">${account.id}</span>
      ${account.disabled && html` <span class="badge of-deleted">${say('accounts.state.disabled')}</span>`}
      ${seen.locked && html` <span class="badge of-deleted">${say('accounts.locked')}</span>`}
      ${seen.waits_s > 0 && html` <span class="badge of-draft">${say('accounts.guessed')}</span>`}
      ${seen.invited_until && html` <span class="badge of-draft">${say('accounts.invited', { until: moment(seen.invited_until) })}</span>`}
      <p class="soft">${[
        account.roles.map((role) => say(`role.${role}`)).join(', '), account.team, account.department, account.extension && say('accounts.at', { extension: account.extension }),
        say(`accounts.origin.${account.origin}`), seen.second.on && say('accounts.second_on'), !seen.has_password && !seen.by_provider && say('accounts.no_password'),
        seen.last_sign_in ? say('accounts.last', { at: moment(seen.last_sign_in) }) : say('accounts.never'),
      ].filter(Boolean).join(' · ')}</p>
    </div>
    <div class="deeds">
      ${seen.sessions > 0 && html`<a class="quiet" href=${`#/sessions/${encodeURIComponent(account.id)}`}>${say('accounts.sessions', { count: seen.sessions })}</a>`}
      ${account.origin !== 'file' && html`<button class="quiet" onClick=${() => onOpen(account.id)}>${say('page.edit')}</button>`}
      <details class="more-deeds" name="more-deeds">
        <summary>${say('accounts.more')}</summary>
        <div class="menu" onClick=${shut}>
          <button onClick=${() => step('invite')}>${say('accounts.invite')}</button>
          ${seen.second.on && html`<button onClick=${() => step('reset_second', { sure: true })}>${say('accounts.reset_second')}</button>`}
          ${seen.locked || seen.waits_s > 0
            ? html`<button onClick=${() => step('unlock')}>${say('accounts.unlock')}</button>`
            : !mine && html`<button onClick=${() => step('lock', { sure: true, undo: 'unlock' })}>${say('accounts.lock')}</button>`}
          ${account.origin !== 'file' && !mine && (account.disabled
            ? html`<button onClick=${() => step('enable', { undo: 'disable' })}>${say('accounts.enable')}</button>`
            : html`<button onClick=${() => step('disable', { sure: true, undo: 'enable' })}>${say('accounts.disable')}</button>`)}
        </div>
      </details>
    </div>`;
}

/** One of them was chosen: the list of deeds closes. @param {Event} event */
function shut(event) {
  const details = /** @type {HTMLElement} */ (event.currentTarget).closest('details');
  if (details) details.open = false;
}

/** @param {AccountSeen} seen @returns {import('./types.js').AccountForm} */
function formOf({ account: { id, name, roles, team, department, extension, uri, queues, auto_answer, starts } }) {
  return { id, name, roles, team, department, extension, uri, queues, auto_answer, starts };
}
