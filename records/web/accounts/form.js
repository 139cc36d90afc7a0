// The form of one account; what is wrong stands at its field.
import { useState } from 'preact/hooks';
import { Fault, part, post } from 'desk/office/ask.js';
import { tell } from 'desk/office/notice.js';
import { Field, Select, begun, typed } from 'desk/office/page.js';
import { half, say } from 'desk/office/words.js';
import { html } from 'desk/view.js';
import { Checks } from './checks.js';

/** @typedef {import('./types.js').AccountForm} AccountForm */
/** @typedef {import('./types.js').Role} Role */
/** @typedef {{field: string, code: string, message: string}} Wrong */

/** @type {Role[]} */
const ROLES = ['agent', 'editor', 'owner', 'supervisor', 'admin'];
/** @type {AccountForm} */
export const NEW = { id: '', name: '', roles: ['agent'], team: '', department: '', extension: '', uri: '', queues: [], auto_answer: false, starts: 'away' };

/**
 * @param {{record: AccountForm, fresh: boolean, follows: boolean, teams: string[], onDone: (invited?: import('./types.js').Invited, id?: string) => void}} props
 *   follows: name and roles are the identity provider's
 */
export function AccountFields({ record, fresh, follows, teams, onDone }) {
  const [now, setNow] = useState(record);
  const [wrong, setWrong] = useState(/** @type {Wrong[]} */ ([]));
  const set = (/** @type {Partial<AccountForm>} */ change) => setNow({ ...now, ...change });
  const text = (/** @type {'id' | 'name' | 'team' | 'department' | 'extension' | 'uri'} */ name) => ({
    type: 'text', value: now[name], maxlength: 200, autocomplete: 'off', 'aria-invalid': wrong.some((one) => one.field === name) || undefined,
    onInput: (/** @type {Event} */ event) => set({ [name]: typed(event) }),
  });
  const hint = (/** @type {string} */ name, /** @type {string} */ usual = '') =>
    wrong.filter((one) => one.field === name).map((one) => html`<strong class="wrong">${half(one.message)}</strong>`).concat(usual ? [html`<span>${usual}</span>`] : []);
  const save = async (/** @type {Event} */ event) => {
    event.preventDefault();
    try {
      const invited = await post(fresh ? 'accounts' : `accounts/${part(record.id)}`, now);
      if (!fresh) tell(say('page.saved'));
      onDone(invited ?? undefined, now.id.trim());
    } catch (trouble) {
      const faults = trouble instanceof Fault ? trouble.more?.faults : undefined;
      setWrong(faults ?? [{ field: '', code: '', message: trouble instanceof Error ? trouble.message : String(trouble) }]);
    }
  };
  return html`
    <form class="fields form" onSubmit=${save}>
      ${hint('').length > 0 && html`<p class="wide" role="alert">${hint('')}</p>`}
      <${Field} label=${say('accounts.id')} hint=${hint('id', fresh ? say('accounts.id_hint') : '')}><input required ref=${begun} disabled=${!fresh} autocapitalize="off" spellcheck=${false} ...${text('id')} /><//>
      <${Field} label=${say('accounts.name')} hint=${hint('name', follows ? say('accounts.follows') : say('accounts.name_hint'))}><input required ref=${fresh ? undefined : begun} disabled=${follows} ...${text('name')} /><//>
      <${Checks} label=${say('accounts.roles')} options=${ROLES.map((value) => ({ value, label: say(`role.${value}`) }))} value=${now.roles} disabled=${follows}
        hint=${hint('roles', say(follows ? 'accounts.follows' : 'accounts.roles_hint'))} onChange=${(/** @type {Role[]} */ roles) => set({ roles })} />
      <${Field} label=${say('accounts.team')} hint=${hint('team', say('accounts.team_hint'))}><input list="teams" ...${text('team')} /><//>
      <datalist id="teams">${teams.map((team) => html`<option key=${team} value=${team} />`)}</datalist>
      <${Field} label=${say('accounts.department')} hint=${hint('department', say('accounts.department_hint'))}><input ...${text('department')} /><//>
      <${Field} label=${say('accounts.extension')} hint=${hint('extension')}><input inputmode="numeric" ...${text('extension')} /><//>
      <${Field} label=${say('accounts.uri')} hint=${hint('uri', say('accounts.uri_hint'))}><input placeholder="sip:2107@10.0.0.5" spellcheck=${false} ...${text('uri')} /><//>
      <${Field} label=${say('accounts.queues')} hint=${say('accounts.queues_hint')}><input type="text" value=${now.queues.join(', ')}
        onChange=${(/** @type {Event} */ event) => set({ queues: typed(event).split(',').map((one) => one.trim()).filter(Boolean) })} /><//>
      <${Field} label=${say('accounts.starts')}><${Select} value=${now.starts} options=${[{ value: 'away', label: say('accounts.starts.away') }, { value: 'ready', label: say('accounts.starts.ready') }]} onChange=${(/** @type {'away' | 'ready'} */ starts) => set({ starts })} /><//>
      <label class="check wide"><input type="checkbox" checked=${now.auto_answer} onChange=${() => set({ auto_answer: !now.auto_answer })} /> ${say('accounts.auto_answer')}</label>
      <div class="deeds wide"><button type="button" onClick=${() => onDone()}>${say('page.cancel')}</button><button class="main">${say(fresh ? 'accounts.make' : 'page.save')}</button></div>
    </form>`;
}
