// Numbers that texts may come from, each with the day on which the provider registered it.
import { useState } from 'preact/hooks';
import { get, part, post } from 'desk/office/ask.js';
import { confirm } from 'desk/office/confirm.js';
import { shown, useLoaded } from 'desk/office/loaded.js';
import { may } from 'desk/office/me.js';
import { act } from 'desk/office/notice.js';
import { Field, Page, Select, begun, typed } from 'desk/office/page.js';
import { say } from 'desk/office/words.js';
import { grouped } from 'desk/format.js';
import { Empty, html } from 'desk/view.js';

/** @typedef {{number: string, name: string, registered: string, department: string, queue: string}} Sender */
/** @typedef {{senders: Sender[], usual: string, departments: string[]}} SendersPage */

/** @type {Sender} */
const NEW = { number: '', name: '', registered: '', department: '', queue: '' };

/** @param {Sender} one @returns {Sender} */
const wish = ({ number, name, registered, department, queue }) => ({ number, name, registered, department, queue });

export function Senders() {
  const [loaded, again] = useLoaded((signal) => get('texts/senders', {}, signal), []);
  const [open, setOpen] = useState(/** @type {string | null} */ (null));
  const writes = may('admin');
  const put = async (/** @type {Sender} */ one) => {
    await post('texts/senders', wish(one));
    again();
    return true;
  };
  /** @param {Sender} one */
  const remove = async (one) => {
    if (await confirm({ title: say('texts.delete_sender', { name: one.name }), yes: say('page.delete'), danger: true }) === null) return;
    await act(async () => { await post(`texts/senders/${part(one.number)}/drop`); again(); }, say('page.removed'), () => put(one));
  };
  return html`
    <${Page} name="senders" deeds=${writes && html`<button class="main" onClick=${() => setOpen('')}>${say('texts.new_sender')}</button>`}>
      ${shown(loaded, again, (/** @type {SendersPage} */ page) => html`
        <p>${page.usual ? say('texts.usual', { number: grouped(page.usual) }) : say('texts.no_usual')}</p>
        ${open === '' && html`<${Form} key="new" one=${NEW} page=${page} put=${put} onDone=${() => setOpen(null)} />`}
        ${page.senders.length === 0 ? open !== '' && html`<${Empty} title=${say('texts.no_senders')}>${say('texts.no_senders_next')}<//>` : html`
          <ul class="lines">${page.senders.map((one) => html`
            <li key=${one.number} class="record">
              ${open === one.number ? html`<${Form} one=${one} page=${page} put=${put} onDone=${() => setOpen(null)} />` : html`
                <div><b>${one.name}</b> <span class="number">${grouped(one.number)}</span>
                  <p class="soft">${[say('texts.registered', { date: one.registered }), one.department && say('texts.for_department', { name: one.department }), one.queue && say('texts.for_queue', { name: one.queue })].filter(Boolean).join(' · ')}</p>
                  ${one.registered > today() && html`<p class="late">${say('texts.not_yet')}</p>`}</div>
                ${writes && html`<div class="deeds">
                  <button class="quiet" onClick=${() => setOpen(one.number)}>${say('page.edit')}</button>
                  <button class="quiet" onClick=${() => remove(one)}>${say('page.delete')}</button>
                </div>`}`}
            </li>`)}</ul>`}`)}
    <//>`;
}

/** The day here, as an address book of days writes it. */
const today = () => new Intl.DateTimeFormat('sv-SE').format(new Date());

/** @param {{one: Sender, page: SendersPage, put: (one: Sender) => Promise<boolean>, onDone: () => void}} props */
function Form({ one, page, put, onDone }) {
  const [now, setNow] = useState(one);
  const set = (/** @type {Partial<Sender>} */ change) => setNow({ ...now, ...change });
  const save = async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (await act(() => put(now), say('page.saved'), one.number ? () => put(one) : undefined)) onDone();
  };
  return html`
    <form class="fields form" onSubmit=${save}>
      <${Field} label=${say('texts.number')} hint=${say('texts.number_hint')}><input type="text" inputmode="tel" required maxlength="20" ref=${one.number ? undefined : begun} disabled=${one.number !== ''} value=${now.number} onInput=${(/** @type {Event} */ event) => set({ number: typed(event) })} /><//>
      <${Field} label=${say('texts.sender_name')}><input type="text" required maxlength="60" ref=${one.number ? begun : undefined} value=${now.name} onInput=${(/** @type {Event} */ event) => set({ name: typed(event) })} /><//>
      <${Field} label=${say('texts.registered_on')} hint=${say('texts.registered_hint')}><input type="date" required value=${now.registered} onInput=${(/** @type {Event} */ event) => set({ registered: typed(event) })} /><//>
      <${Field} label=${say('texts.department')} hint=${say('texts.sender_department_hint')}><${Select} value=${now.department} none=${say('texts.no_department')} options=${page.departments.map((name) => ({ value: name, label: name }))} onChange=${(/** @type {string} */ department) => set({ department })} /><//>
      <${Field} label=${say('texts.queue')} hint=${say('texts.queue_hint')}><input type="text" maxlength="60" value=${now.queue} onInput=${(/** @type {Event} */ event) => set({ queue: typed(event) })} /><//>
      <div class="deeds wide"><button type="button" onClick=${onDone}>${say('page.cancel')}</button><button class="main">${say('page.save')}</button></div>
    </form>`;
}
