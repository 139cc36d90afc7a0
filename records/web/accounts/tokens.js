// Tokens of programs and big screens: what each may do, until when, when it was last shown.
import { useState } from 'preact/hooks';
import { get, post } from 'desk/office/ask.js';
import { confirm } from 'desk/office/confirm.js';
import { shown, useLoaded } from 'desk/office/loaded.js';
import { act } from 'desk/office/notice.js';
import { Field, Page, Select, begun, typed } from 'desk/office/page.js';
import { moment, say } from 'desk/office/words.js';
import { Empty, html } from 'desk/view.js';
import { Checks } from './checks.js';
import { Once } from './once.js';

/** @typedef {import('./types.js').TokenSeen} TokenSeen */
/** @typedef {import('./types.js').TokenList} TokenList */
/** @typedef {{name: string, scopes: string[], token: string}} Made */

const DAYS = ['30', '90', '365'];

export function Tokens() {
  const [loaded, again] = useLoaded((signal) => get('tokens', {}, signal), []);
  const [open, setOpen] = useState(false);
  const [made, setMade] = useState(/** @type {Made | null} */ (null));
  const drop = async (/** @type {TokenSeen} */ token) => {
    if ((await confirm({ title: say('tokens.drop.sure', { name: token.name }), text: say('tokens.drop.text'), yes: say('tokens.drop'), danger: true })) === null) return;
    await act(() => post('tokens/drop', { name: token.name }), say('tokens.dropped'));
    again();
  };
  return html`
    <${Page} name="tokens" deeds=${html`<button class="main" disabled=${open} onClick=${() => setOpen(true)}>${say('tokens.new')}</button>`}>
      ${made && html`<${Once} title=${say('tokens.made', { name: made.name })} secret=${made.token}
        hint=${made.scopes.includes('wallboard') ? say('tokens.screen', { where: `${location.origin}/signin/wallboard?token=` }) : say('tokens.header')} onDone=${() => setMade(null)} />`}
      ${shown(loaded, again, (/** @type {TokenList} */ { tokens, scopes }) => html`
        ${open && html`<${Form} scopes=${scopes} onDone=${(/** @type {Made | undefined} */ one) => { setOpen(false); if (one) { setMade(one); again(); } }} />`}
        ${tokens.length === 0 ? html`<${Empty} title=${say('tokens.none')}>${say('tokens.none_next')}<//>` : html`
          <ul class="lines">${tokens.map((token) => html`
            <li key=${token.name} class="record">
              <div><b>${token.name}</b>${isOver(token) && html` <span class="badge of-deleted">${say('tokens.over')}</span>`}
                <p class="soft">${[token.scopes.map((scope) => say(`scope.${scope}`)).join(', '), token.ends ? say('tokens.until', { at: moment(token.ends) }) : say('tokens.unending'),
                  token.used ? say('tokens.used', { at: moment(token.used) }) : say('tokens.unused'), say('tokens.by', { by: token.by, at: moment(token.made) })].join(' · ')}</p></div>
              <div class="deeds"><button class="quiet" onClick=${() => drop(token)}>${say('tokens.drop')}</button></div>
            </li>`)}</ul>`}`)}
    <//>`;
}

/** @param {TokenSeen} token */
const isOver = ({ ends }) => ends !== null && Date.parse(ends) <= Date.now();

/** @param {{scopes: string[], onDone: (made?: Made) => void}} props */
function Form({ scopes, onDone }) {
  const [name, setName] = useState('');
  const [chosen, setChosen] = useState(/** @type {string[]} */ ([]));
  const [days, setDays] = useState('90');
  const save = async (/** @type {Event} */ event) => {
    event.preventDefault();
    const made = await act(() => post('tokens', { name, scopes: chosen, days: days ? Number(days) : null }));
    if (made) onDone({ name, scopes: chosen, ...made });
  };
  return html`
    <form class="fields form" onSubmit=${save}>
      <${Field} label=${say('tokens.name')} hint=${say('tokens.name_hint')}><input type="text" required ref=${begun} maxlength="60" autocomplete="off" value=${name} onInput=${(/** @type {Event} */ event) => setName(typed(event))} /><//>
      <${Field} label=${say('tokens.days')}><${Select} value=${days} none=${say('tokens.unending')} options=${DAYS.map((value) => ({ value, label: say('tokens.days.count', { days: value }) }))} onChange=${setDays} /><//>
      <${Checks} label=${say('tokens.scopes')} options=${scopes.map((value) => ({ value, label: say(`scope.${value}`) }))} value=${chosen} onChange=${setChosen} />
      <div class="deeds wide"><button type="button" onClick=${() => onDone()}>${say('page.cancel')}</button><button class="main" disabled=${chosen.length === 0}>${say('tokens.make')}</button></div>
    </form>`;
}
