// People who answer for entries: absent, and the deputy is shown; moved, and all entries follow.
import { useEffect, useState } from 'preact/hooks';
import { drop } from './dropping.js';
import { isoDay } from './entries.js';
import { mayWrite } from './rights.js';
import { departmentOf, departmentOptions, loadStructure, loadUse, personOf, personOptions, structure, use } from './structure.js';
import { post } from '../office/ask.js';
import { may } from '../office/me.js';
import { act } from '../office/notice.js';
import { Field, Page, Select, begun, typed } from '../office/page.js';
import { figure, say } from '../office/words.js';
import { Empty, html } from '../view.js';

/** @typedef {import('./types.js').Person} Person */

/** @type {Person} */
const NEW = { id: '', name: '', department_id: '', phone: '', duty: '', deputy_id: '', absent_from: null, absent_until: null, left: false };

export function People() {
  const [open, setOpen] = useState(/** @type {Person | null} */ (null));
  const [find, setFind] = useState('');
  const [department, setDepartment] = useState('');
  const wanted = find.trim();
  useEffect(() => { loadUse(); }, [structure.value.people]);
  const all = structure.value.people.filter((one) =>
    (!department || one.department_id === department) && (!wanted || `${one.name} ${one.phone} ${one.duty}`.includes(wanted)));
  return html`
    <${Page} name="people" deeds=${may('editor', 'owner') && html`<button class="main" onClick=${() => setOpen({ ...NEW, department_id: may('editor') ? department : departmentOfMine() })}>${say('people.new')}</button>`}>
      <div class="filters" role="search">
        <label class="find"><span class="heard-out">${say('people.find')}</span><input type="search" placeholder=${say('people.find')} value=${find} onInput=${(/** @type {Event} */ event) => setFind(typed(event))} /></label>
        <${Select} label=${say('field.department_id')} none=${say('entries.all_departments')} value=${department} options=${departmentOptions(department)} onChange=${setDepartment} />
      </div>
      ${open && open.id === '' && html`<${Form} key="new" record=${open} onDone=${() => setOpen(null)} />`}
      ${all.length === 0 ? html`<${Empty} title=${say(wanted || department ? 'people.none_found' : 'people.none')} />` : html`
        <ul class="lines">${all.map((one) => html`
          <li key=${one.id} class="record">
            ${open?.id === one.id ? html`<${Form} record=${open} onDone=${() => setOpen(null)} />` : html`
              <div><b>${one.name}</b> ${absence(one) && html`<span class="badge of-draft">${absence(one)}</span>`}${one.left && html` <span class="badge of-deleted">${say('people.left')}</span>`}
                <p class="soft">${[departmentOf(one.department_id)?.name, one.phone, one.duty, one.deputy_id && say('editor.deputy', { name: personOf(one.deputy_id)?.name ?? '' }), use.value.people[one.id] && say('page.entries', { count: figure(use.value.people[one.id]) })].filter(Boolean).join(' · ')}</p></div>
              ${mayWrite(one.department_id) && html`
                <div class="deeds">
                  <button class="quiet" onClick=${() => setOpen(one)}>${say('page.edit')}</button>
                  ${may('editor') && html`<button class="quiet" onClick=${() => drop('people', one, personOptions().filter((other) => other.value !== one.id))}>${say('page.delete')}</button>`}
                </div>`}`}
          </li>`)}</ul>`}
    <//>`;
}

const departmentOfMine = () => structure.value.departments.find((one) => mayWrite(one.id))?.id ?? '';

/** @param {Person} person */
function absence({ absent_from: from, absent_until: until }) {
  const today = isoDay(new Date());
  if (!from || (until && until < today)) return '';
  if (from > today) return say('people.absent_from', { from, until: until ?? '' });
  return until ? say('people.absent_until', { until }) : say('people.absent');
}

/** @param {Person} record */
async function put(record) {
  const saved = await post('people', record);
  await loadStructure();
  return saved;
}

/** @param {{record: Person, onDone: () => void}} props */
function Form({ record, onDone }) {
  const [now, setNow] = useState(record);
  const set = (/** @type {Partial<Person>} */ change) => setNow({ ...now, ...change });
  const text = (/** @type {'name' | 'phone' | 'duty'} */ name) => ({ value: now[name], onInput: (/** @type {Event} */ event) => set({ [name]: typed(event) }) });
  const save = async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (await act(() => put(now), record.id ? say('page.saved_follow', { count: figure(use.value.people[record.id] ?? 0) }) : say('page.saved'), record.id ? () => put(record) : undefined)) onDone();
  };
  return html`
    <form class="fields form" onSubmit=${save}>
      <${Field} label=${say('field.name')}><input type="text" required maxlength="100" ref=${begun} ...${text('name')} /><//>
      <${Field} label=${say('field.department_id')}><${Select} value=${now.department_id} none=${say('editor.no_department')} options=${departmentOptions(now.department_id).filter((one) => mayWrite(one.value))} onChange=${(/** @type {string} */ department_id) => set({ department_id })} /><//>
      <${Field} label=${say('field.phone')}><input type="text" inputmode="tel" maxlength="60" ...${text('phone')} /><//>
      <${Field} label=${say('people.duty')}><input type="text" maxlength="200" ...${text('duty')} /><//>
      <${Field} label=${say('field.deputy_id')} hint=${say('people.deputy_hint')}><${Select} value=${now.deputy_id} none=${say('editor.no_person')} options=${personOptions(now.deputy_id).filter((one) => one.value !== now.id)} onChange=${(/** @type {string} */ deputy_id) => set({ deputy_id })} /><//>
      <${Field} label=${say('people.from')}><input type="date" value=${now.absent_from ?? ''} onInput=${(/** @type {Event} */ event) => set({ absent_from: typed(event) || null })} /><//>
      <${Field} label=${say('people.until')} hint=${say('people.until_hint')}><input type="date" value=${now.absent_until ?? ''} onInput=${(/** @type {Event} */ event) => set({ absent_until: typed(event) || null })} /><//>
      <label class="check"><input type="checkbox" checked=${now.left} onChange=${(/** @type {Event} */ event) => set({ left: /** @type {HTMLInputElement} */ (event.target).checked })} /> ${say('people.left_hint')}</label>
      <div class="deeds wide"><button type="button" onClick=${onDone}>${say('page.cancel')}</button><button class="main">${say('page.save')}</button></div>
    </form>`;
}
