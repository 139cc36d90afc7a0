// The category tree: add, rename, move, put in order, delete with an heir.
import { useState } from 'preact/hooks';
import { drop } from './dropping.js';
import { showOnly } from './entries.js';
import { categoryOptions, loadStructure, pathOf, tree } from './structure.js';
import { post } from '../office/ask.js';
import { act } from '../office/notice.js';
import { Field, Page, Select, begun, typed, walk } from '../office/page.js';
import { say } from '../office/words.js';
import { Empty, html } from '../view.js';

/** @typedef {import('./types.js').Category} Category */

export function Categories() {
  const [open, setOpen] = useState(/** @type {Category | null} */ (null));
  const branches = tree.value;
  /** @param {string} parent_id */
  const fresh = (parent_id) => setOpen({ id: '', name: '', parent_id, place: branches.filter((one) => one.category.parent_id === parent_id).length });
  return html`
    <${Page} name="categories" deeds=${html`<button class="main" onClick=${() => fresh('')}>${say('categories.new')}</button>`}>
      ${open && open.id === '' && open.parent_id === '' && html`<${Form} key="new" record=${open} onDone=${() => setOpen(null)} />`}
      ${branches.length === 0 ? html`<${Empty} title=${say('categories.none')} />` : html`
        <ul class="lines tree" onKeyDown=${walk}>${branches.map(({ category: one, depth, children }) => html`
          <li key=${one.id} class=${`record deep-${Math.min(depth, 5)}`}>
            ${open?.id === one.id && one.id ? html`<${Form} record=${open} onDone=${() => setOpen(null)} />` : html`
              <div><a data-stop href="#/entries" onClick=${() => showOnly({ category: one.id })}><b>${one.name}</b></a>${children > 0 && html` <small class="soft">${say('categories.children', { children })}</small>`}</div>
              <div class="deeds">
                <button class="quiet" aria-label=${say('categories.add_below', { name: one.name })} onClick=${() => fresh(one.id)}>+ ${say('categories.below')}</button>
                <button class="quiet" onClick=${() => setOpen(one)}>${say('categories.edit')}</button>
                <button class="quiet" onClick=${() => drop('categories', one, branches.filter((other) => other.category.id !== one.id).map((other) => ({ value: other.category.id, label: pathOf(other.category.id) })))}>${say('page.delete')}</button>
              </div>`}
            ${open && open.id === '' && open.parent_id === one.id && html`<${Form} key="below" record=${open} onDone=${() => setOpen(null)} />`}
          </li>`)}</ul>`}
    <//>`;
}

/** @param {Category} record */
async function put(record) {
  const saved = await post('categories', record);
  await loadStructure();
  return saved;
}

/** @param {{record: Category, onDone: () => void}} props */
function Form({ record, onDone }) {
  const [now, setNow] = useState(record);
  const set = (/** @type {Partial<Category>} */ change) => setNow({ ...now, ...change });
  const save = async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (await act(() => put(now), say(record.id ? 'page.saved_all' : 'page.saved'), record.id ? () => put(record) : undefined)) onDone();
  };
  return html`
    <form class="fields form" onSubmit=${save}>
      <${Field} label=${say('field.name')}><input type="text" required maxlength="100" ref=${begun} value=${now.name} onInput=${(/** @type {Event} */ event) => set({ name: typed(event) })} /><//>
      <${Field} label=${say('categories.parent')}><${Select} value=${now.parent_id} none=${say('categories.top')} options=${categoryOptions().filter((one) => one.value !== now.id)} onChange=${(/** @type {string} */ parent_id) => set({ parent_id })} /><//>
      <${Field} label=${say('categories.place')} hint=${say('categories.place_hint')}><input type="number" min="0" max="100000" value=${now.place} onInput=${(/** @type {Event} */ event) => set({ place: Math.max(0, Number(typed(event)) || 0) })} /><//>
      <div class="deeds wide"><button type="button" onClick=${onDone}>${say('page.cancel')}</button><button class="main">${say('page.save')}</button></div>
    </form>`;
}
