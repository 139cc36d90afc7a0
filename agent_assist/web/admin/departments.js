// Departments. What is changed here shows in all entries at once; one in use goes only to an heir.
import { useEffect, useState } from 'preact/hooks';
import { drop } from './dropping.js';
import { showOnly } from './entries.js';
import { departmentOf, departmentOptions, loadStructure, loadUse, structure, use } from './structure.js';
import { post } from '../office/ask.js';
import { act } from '../office/notice.js';
import { Field, Page, Select, begun, typed } from '../office/page.js';
import { figure, say } from '../office/words.js';
import { Empty, html } from '../view.js';

/** @typedef {import('./types.js').Department} Department */

/** @type {Department} */
const NEW = { id: '', name: '', phone: '', hours: '', parent_id: '', closed: false };

export function Departments() {
  const [open, setOpen] = useState(/** @type {Department | null} */ (null));
  const all = structure.value.departments;
  useEffect(() => { loadUse(); }, [all]);
  return html`
    <${Page} name="departments" deeds=${html`<button class="main" onClick=${() => setOpen(NEW)}>${say('departments.new')}</button>`}>
      ${open && open.id === '' && html`<${Form} key="new" record=${open} onDone=${() => setOpen(null)} />`}
      ${all.length === 0 ? html`<${Empty} title=${say('departments.none')} />` : html`
        <ul class="lines">${all.map((one) => html`
          <li key=${one.id} class="record">
            ${open?.id === one.id ? html`<${Form} record=${open} onDone=${() => setOpen(null)} />` : html`
              <div><b>${one.name}</b>${one.closed && html` <span class="badge of-deleted">${say('departments.closed')}</span>`}
                <p class="soft">${[departmentOf(one.parent_id)?.name, one.phone, one.hours, use.value.departments[one.id] && say('page.entries', { count: figure(use.value.departments[one.id]) })].filter(Boolean).join(' · ')}</p></div>
              <div class="deeds">
                <a class="button quiet" href="#/entries" onClick=${() => showOnly({ department: one.id })}>${say('departments.entries')}</a>
                <button class="quiet" onClick=${() => setOpen(one)}>${say('page.edit')}</button>
                <button class="quiet" onClick=${() => drop('departments', one, departmentOptions().filter((other) => other.value !== one.id))}>${say('page.delete')}</button>
              </div>`}
          </li>`)}</ul>`}
    <//>`;
}

/** @param {Department} record */
async function put(record) {
  const saved = await post('departments', record);
  await loadStructure();
  return saved;
}

/** @param {{record: Department, onDone: () => void}} props */
function Form({ record, onDone }) {
  const [now, setNow] = useState(record);
  const set = (/** @type {Partial<Department>} */ change) => setNow({ ...now, ...change });
  const save = async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (await act(() => put(now), record.id ? say('page.saved_follow', { count: figure(use.value.departments[record.id] ?? 0) }) : say('page.saved'), record.id ? () => put(record) : undefined)) onDone();
  };
  return html`
    <form class="fields form" onSubmit=${save}>
      <${Field} label=${say('field.name')}><input type="text" required maxlength="100" ref=${begun} value=${now.name} onInput=${(/** @type {Event} */ event) => set({ name: typed(event) })} /><//>
      <${Field} label=${say('field.phone')}><input type="text" inputmode="tel" maxlength="60" value=${now.phone} onInput=${(/** @type {Event} */ event) => set({ phone: typed(event) })} /><//>
      <${Field} label=${say('field.hours')}><input type="text" maxlength="200" value=${now.hours} onInput=${(/** @type {Event} */ event) => set({ hours: typed(event) })} /><//>
      <${Field} label=${say('departments.parent')}><${Select} value=${now.parent_id} none=${say('departments.top')} options=${departmentOptions(now.parent_id).filter((one) => one.value !== now.id)} onChange=${(/** @type {string} */ parent_id) => set({ parent_id })} /><//>
      <label class="check wide"><input type="checkbox" checked=${now.closed} onChange=${(/** @type {Event} */ event) => set({ closed: /** @type {HTMLInputElement} */ (event.target).checked })} /> ${say('departments.closed_hint')}</label>
      <div class="deeds wide"><button type="button" onClick=${onDone}>${say('page.cancel')}</button><button class="main">${say('page.save')}</button></div>
    </form>`;
}
