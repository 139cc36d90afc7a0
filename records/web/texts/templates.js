// Templates of texts: what agents and rules send, with fields that are filled in by themselves.
import { useRef, useState } from 'preact/hooks';
import { get, part, post } from 'desk/office/ask.js';
import { confirm } from 'desk/office/confirm.js';
import { shown, useLoaded } from 'desk/office/loaded.js';
import { act } from 'desk/office/notice.js';
import { Field, Page, Select, begun, typed } from 'desk/office/page.js';
import { figure, say } from 'desk/office/words.js';
import { Empty, html } from 'desk/view.js';

/** @typedef {{template_id: string, title: string, text: string, department: string, notice: boolean, purpose: '' | 'rating', place: number}} Template */
/** @typedef {{template: Template, bytes: number, used: number}} Shown */
/** @typedef {{templates: Shown[], fields: string[], departments: string[], ready: Template[]}} TemplatesPage */

/** Bytes of a short text. */
const SHORT = 90;

/** @type {Template} */
const NEW = { template_id: '', title: '', text: '', department: '', notice: false, purpose: '', place: 0 };

/** What the server takes of a template. @param {Template} one @returns {Template} */
const wish = ({ template_id, title, text, department, notice, purpose, place }) => ({ template_id, title, text, department, notice, purpose, place });

export function Templates() {
  const [loaded, again] = useLoaded((signal) => get('texts/templates', {}, signal), []);
  const [open, setOpen] = useState(/** @type {string | null} */ (null)); // '' = a new one
  const put = async (/** @type {Template} */ one) => {
    await post('texts/templates', wish(one));
    again();
    return true;
  };
  /** @param {Template} one */
  const remove = async (one) => {
    if (await confirm({ title: say('texts.delete_template', { name: one.title }), yes: say('page.delete'), danger: true }) === null) return;
    await act(async () => { await post(`texts/templates/${part(one.template_id)}/drop`); again(); }, say('page.removed'), () => put(one));
  };
  return html`
    <${Page} name="templates" deeds=${html`<button class="main" onClick=${() => setOpen('')}>${say('texts.new_template')}</button>`}>
      ${shown(loaded, again, (/** @type {TemplatesPage} */ page) => html`
        ${open === '' && html`<${Form} key="new" one=${{ ...NEW, place: page.templates.length }} page=${page} put=${put} onDone=${() => setOpen(null)} />`}
        ${page.templates.length === 0 ? open !== '' && html`<${Empty} title=${say('texts.no_templates')}>${say('texts.no_templates_next')}<//>` : html`
          <ul class="lines">${page.templates.map(({ template: one, bytes, used }) => html`
            <li key=${one.template_id} class="record">
              ${open === one.template_id ? html`<${Form} one=${one} page=${page} put=${put} onDone=${() => setOpen(null)} />` : html`
                <div><b>${one.title}</b> <span class="badge">${say(bytes <= SHORT ? 'texts.short' : 'texts.long', { bytes: figure(bytes) })}</span>
                  ${one.department && html` <span class="badge">${one.department}</span>`}${one.notice && html` <span class="badge">${say('texts.notice')}</span>`}${one.purpose && html` <span class="badge">${say(`texts.purpose.${one.purpose}`)}</span>`}
                  <p class="text-of"><${Marked} text=${one.text} /></p>
                  ${used > 0 && html`<p class="soft">${say('texts.used', { count: figure(used) })}</p>`}</div>
                <div class="deeds">
                  <button class="quiet" onClick=${() => setOpen(one.template_id)}>${say('page.edit')}</button>
                  <button class="quiet" onClick=${() => remove(one)}>${say('page.delete')}</button>
                </div>`}
            </li>`)}</ul>`}
        ${page.ready.length > 0 && html`<${Ready} page=${page} put=${put} />`}`)}
    <//>`;
}

/** What comes with the product: one press puts it in. @param {{page: TemplatesPage, put: (one: Template) => Promise<boolean>}} props */
function Ready({ page, put }) {
  return html`
    <section class="ready">
      <h2>${say('texts.ready')}</h2>
      <ul class="lines">${page.ready.map((one) => html`
        <li key=${one.template_id} class="record">
          <div><b>${one.title}</b> ${one.purpose && html`<span class="badge">${say(`texts.purpose.${one.purpose}`)}</span>`}<p class="text-of"><${Marked} text=${one.text} /></p></div>
          <div class="deeds"><button onClick=${() => act(() => put({ ...one, place: page.templates.length }), say('page.saved'))}>${say('texts.put_in')}</button></div>
        </li>`)}</ul>
    </section>`;
}

/** A text with its fields marked. @param {{text: string}} props */
export function Marked({ text }) {
  return text.split(/(\{[^{}\n]{1,20}\})/).map((piece) => (/^\{.*\}$/.test(piece) ? html`<mark>${piece}</mark>` : piece));
}

/** @param {{one: Template, page: TemplatesPage, put: (one: Template) => Promise<boolean>, onDone: () => void}} props */
function Form({ one, page, put, onDone }) {
  const [now, setNow] = useState(one);
  const box = useRef(/** @type {HTMLTextAreaElement | null} */ (null));
  const set = (/** @type {Partial<Template>} */ change) => setNow({ ...now, ...change });
  const save = async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (await act(() => put(now), say('page.saved'), one.template_id ? () => put(one) : undefined)) onDone();
  };
  /** The field where the cursor is. @param {string} name */
  const insert = (name) => {
    const field = box.current;
    if (!field) return;
    field.setRangeText(`{${name}}`, field.selectionStart, field.selectionEnd, 'end');
    set({ text: field.value });
    field.focus();
  };
  return html`
    <form class="fields form" onSubmit=${save}>
      <${Field} label=${say('texts.title')}><input type="text" required maxlength="60" ref=${begun} value=${now.title} onInput=${(/** @type {Event} */ event) => set({ title: typed(event) })} /><//>
      <${Field} label=${say('texts.department')} hint=${say('texts.department_hint')}><${Select} value=${now.department} none=${say('texts.all_departments')} options=${page.departments.map((name) => ({ value: name, label: name }))} onChange=${(/** @type {string} */ department) => set({ department })} /><//>
      <${Field} label=${say('texts.text')} wide><textarea ref=${box} required rows="5" maxlength="2000" value=${now.text} onInput=${(/** @type {Event} */ event) => set({ text: typed(event) })}></textarea><//>
      <p class="wide insert">${say('texts.insert')} ${page.fields.map((name) => html`<button type="button" class="quiet" key=${name} onClick=${() => insert(name)}>${`{${name}}`}</button>`)}</p>
      <label class="check wide"><input type="checkbox" checked=${now.notice} onChange=${(/** @type {Event} */ event) => set({ notice: /** @type {HTMLInputElement} */ (event.target).checked })} /> ${say('texts.notice_hint')}</label>
      <label class="check wide"><input type="checkbox" checked=${now.purpose === 'rating'} onChange=${(/** @type {Event} */ event) => set({ purpose: /** @type {HTMLInputElement} */ (event.target).checked ? 'rating' : '' })} /> ${say('texts.rating_hint')}</label>
      <div class="deeds wide"><button type="button" onClick=${onDone}>${say('page.cancel')}</button><button class="main">${say('page.save')}</button></div>
    </form>`;
}
