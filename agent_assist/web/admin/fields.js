// All fields of an entry. Values in, changes out; what is wrong stands at its field.
import { Files, Links } from './attach_field.js';
import { isoDay } from './entries.js';
import { ListField } from './list_field.js';
import { MessageField } from './message_field.js';
import { categoryOptions, departmentOf, departmentOptions, personOf, personOptions } from './structure.js';
import { Field, Select, typed } from '../office/page.js';
import { say } from '../office/words.js';
import { html } from '../view.js';

/** @typedef {import('./types.js').Content} Content */
/** @typedef {{field: string, code: string, message: string}} Wrong */

/** @type {Content} */
export const EMPTY = {
  title: '', category_id: '', department_id: '', person_id: '', deputy_id: '', phone: '', hours: '', procedure: [], body: '', keywords: [],
  excludes: [], links: [], attachments: [], message: '', expires: null, review_by: null, updated: null,
};

/** @param {{content: Content, onChange: (change: Partial<Content>) => void, disabled: boolean, wrong: Wrong[]}} props */
export function Fields({ content, onChange, disabled, wrong }) {
  const text = (/** @type {keyof Content} */ name) => ({
    value: content[name] ?? '',
    disabled,
    'aria-invalid': wrong.some((one) => one.field === name) || undefined,
    onInput: (/** @type {Event} */ event) => onChange({ [name]: typed(event) }),
  });
  const day = (/** @type {keyof Content} */ name) => ({ ...text(name), onInput: (/** @type {Event} */ event) => onChange({ [name]: typed(event) || null }) });
  const hint = (/** @type {string} */ name, /** @type {string} */ usual = '') =>
    wrong.filter((one) => one.field === name).map((one) => html`<strong class="wrong">${one.message}</strong>`).concat(usual ? [html`<span>${usual}</span>`] : []);
  const person = personOf(content.person_id);
  const phone = person?.phone || departmentOf(content.department_id)?.phone;
  return html`
    <div class="fields">
      <${Field} label=${say('field.title')} hint=${hint('title')} wide><input type="text" id="title" maxlength="300" required ...${text('title')} /><//>
      <${Field} label=${say('field.category_id')} hint=${hint('category_id')}>
        <${Select} value=${content.category_id} none=${say('editor.no_category')} options=${categoryOptions()} disabled=${disabled} onChange=${(/** @type {string} */ category_id) => onChange({ category_id })} /><//>
      <${Field} label=${say('field.department_id')} hint=${hint('department_id')}>
        <${Select} value=${content.department_id} none=${say('editor.no_department')} options=${departmentOptions(content.department_id)} disabled=${disabled} onChange=${(/** @type {string} */ department_id) => onChange({ department_id })} /><//>
      <${Field} label=${say('field.person_id')} hint=${hint('person_id')}>
        <${Select} value=${content.person_id} none=${say('editor.no_person')} options=${personOptions(content.person_id)} disabled=${disabled} onChange=${(/** @type {string} */ person_id) => onChange({ person_id })} /><//>
      <${Field} label=${say('field.deputy_id')} hint=${hint('deputy_id', person?.deputy_id ? say('editor.deputy_of_person', { name: personOf(person.deputy_id)?.name ?? '' }) : '')}>
        <${Select} value=${content.deputy_id} none=${say('editor.no_person')} options=${personOptions(content.deputy_id)} disabled=${disabled} onChange=${(/** @type {string} */ deputy_id) => onChange({ deputy_id })} /><//>
      <${Field} label=${say('field.phone')} hint=${hint('phone', phone ? say('editor.phone_of', { phone }) : '')}><input type="text" inputmode="tel" maxlength="60" placeholder=${phone ?? ''} ...${text('phone')} /><//>
      <${Field} label=${say('field.hours')} hint=${hint('hours')}><input type="text" maxlength="200" placeholder=${departmentOf(content.department_id)?.hours ?? ''} ...${text('hours')} /><//>
      <${ListField} label=${say('field.procedure')} hint=${say('editor.procedure_hint')} rows=${4} value=${content.procedure} disabled=${disabled} onChange=${(/** @type {string[]} */ procedure) => onChange({ procedure })} />
      <${Field} label=${say('field.body')} hint=${hint('body', say('editor.body_hint'))} wide><textarea id="body" rows="14" spellcheck=${false} ...${text('body')}></textarea><//>
      <${ListField} label=${say('field.keywords')} hint=${say('editor.keywords_hint')} value=${content.keywords} disabled=${disabled} onChange=${(/** @type {string[]} */ keywords) => onChange({ keywords })} />
      <${ListField} label=${say('field.excludes')} hint=${say('editor.excludes_hint')} rows=${2} value=${content.excludes} disabled=${disabled} onChange=${(/** @type {string[]} */ excludes) => onChange({ excludes })} />
      ${['keywords', 'excludes', 'procedure', 'links', 'attachments', 'message', ''].map((name) => hint(name))}
      <${Links} value=${content.links} disabled=${disabled} onChange=${(/** @type {Content['links']} */ links) => onChange({ links })} />
      <${Files} value=${content.attachments} disabled=${disabled} onChange=${(/** @type {Content['attachments']} */ attachments) => onChange({ attachments })} />
      <${MessageField} value=${content.message} disabled=${disabled} onChange=${(/** @type {string} */ message) => onChange({ message })} />
      <${Field} label=${say('field.expires')} hint=${hint('expires', say('editor.expires_hint'))}><input type="date" ...${day('expires')} /><//>
      <${Field} label=${say('field.review_by')} hint=${hint('review_by', say('editor.review_hint'))}><input type="date" ...${day('review_by')} /><//>
      <${Field} label=${say('field.updated')} hint=${hint('updated', say('editor.updated_hint'))}>
        <span class="pair"><input type="date" ...${day('updated')} /><button type="button" class="quiet" disabled=${disabled} onClick=${() => onChange({ updated: isoDay(new Date()) })}>${say('editor.today')}</button></span><//>
    </div>`;
}
