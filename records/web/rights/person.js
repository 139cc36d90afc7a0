// One person's data by her telephone number: found, put into a file for her, deleted. Nothing of the number stays here.
import { useState } from 'preact/hooks';
import { part, post } from 'desk/office/ask.js';
import { confirm } from 'desk/office/confirm.js';
import { act, tell } from 'desk/office/notice.js';
import { Field, Page, typed } from 'desk/office/page.js';
import { figure, say } from 'desk/office/words.js';
import { grouped } from 'desk/format.js';
import { html } from 'desk/view.js';
import { Progress, useWork } from './work.js';

/** @typedef {import('./types.js').Found} Found */
/** @typedef {import('./types.js').Deleted} Deleted */

const COUNTS = /** @type {const} */ (['recordings', 'texts', 'callbacks', 'follow_ups', 'facts']);

export function PersonPage() {
  const [number, setNumber] = useState('');
  const [reason, setReason] = useState('');
  const [found, setFound] = useState(/** @type {{number: string, reason: string, what: Found} | null} */ (null));
  const look = async (/** @type {Event} */ event) => {
    event.preventDefault();
    const what = await act(() => post('rights/person/find', { number, reason }));
    if (what) setFound({ number, reason, what });
  };
  return html`
    <${Page} name="person-data">
      <form class="try" onSubmit=${look}>
        <${Field} label=${say('person.number')}><input type="text" inputmode="tel" required maxlength="20" autocomplete="off" placeholder="010-0000-0000" value=${number} onInput=${(/** @type {Event} */ event) => { setNumber(typed(event)); setFound(null); }} /><//>
        <${Field} label=${say('rights.reason')}><input type="text" required minlength="2" maxlength="500" placeholder=${say('person.reason_example')} value=${reason} onInput=${(/** @type {Event} */ event) => setReason(typed(event))} /><//>
        <button class="main">${say('person.look')}</button>
      </form>
      <div aria-live="polite">${found && html`<${Person} key=${found.what.person + found.reason} ...${found} onGone=${() => setFound(null)} />`}</div>
    <//>`;
}

/** @param {{number: string, reason: string, what: Found, onGone: () => void}} props */
function Person({ number, reason, what, onGone }) {
  const [identity, setIdentity] = useState('');
  const [deleted, setDeleted] = useState(/** @type {Deleted | null} */ (null));
  const [exporting, beginExport] = useWork((over) => over.state === 'done' && tell(say('person.exported')));
  const [deleting, beginDelete] = useWork((over) => over.state === 'done' && setDeleted(over.result));
  const asked = { number, reason, identity };
  const busy = exporting?.state === 'running' || deleting?.state === 'running';
  const erase = async () => {
    const again = await confirm({ title: say('person.delete_ask', { number: grouped(number) }), text: say('person.delete_text'), yes: say('person.delete'), danger: true, write: { label: say('person.again'), needed: true } });
    if (again !== null) await beginDelete(() => post('rights/person/delete', { ...asked, again }));
  };
  if (deleted) return html`<${Gone} deleted=${deleted} onDone=${onGone} />`;
  if (what.contacts.length + what.texts + what.callbacks === 0) return html`<div class="form"><b>${say('person.nothing', { number: grouped(number) })}</b><p class="soft">${say('person.nothing_next')}</p></div>`;
  return html`
    <section class="form person">
      <h2>${say('person.found', { number: grouped(number), count: figure(what.contacts.length) })}</h2>
      <p>${COUNTS.map((name) => say(`person.${name}`, { count: figure(what[name]) })).join(' · ')}${what.opted_out && html` · ${say('person.opted_out')}`}</p>
      ${what.held.length > 0 && html`<p class="stays">${say('person.held', { count: figure(what.held.length), titles: what.held_by.join(', ') })}</p>`}
      <details><summary>${say('person.contacts')}</summary>
        ${what.contacts.map((id) => html`<p key=${id}><a href=${`#/contacts/${part(id)}`}>${id}</a>${what.held.includes(id) && html` <span class="badge">${say('person.is_held')}</span>`}</p>`)}</details>
      <${Field} label=${say('person.identity')} hint=${say('person.identity_hint')}><input type="text" maxlength="200" list="identities" value=${identity} onInput=${(/** @type {Event} */ event) => setIdentity(typed(event))} /><//>
      <datalist id="identities">${['card', 'callback', 'agent'].map((way) => html`<option key=${way} value=${say(`person.identity.${way}`)}></option>`)}</datalist>
      <div class="deeds">
        ${exporting?.state === 'done' && html`<a class="button" download href=${`/records/api/rights/works/${part(exporting.work_id)}/file`}>${say('person.fetch')}</a>`}
        <button disabled=${busy || identity.trim().length < 2} onClick=${() => beginExport(() => post('rights/person/export', asked))}>${say('person.export')}</button>
        <button class="danger-quiet" disabled=${busy || identity.trim().length < 2} onClick=${erase}>${say('person.delete')}</button>
      </div>
      <${Progress} work=${exporting} said=${say('person.exporting')} />
      <${Progress} work=${deleting} said=${say('person.deleting')} />
    </section>`;
}

/** @param {{deleted: Deleted, onDone: () => void}} props */
function Gone({ deleted, onDone }) {
  const gone = { contacts: figure(deleted.contacts), recordings: figure(deleted.recordings), pictures: figure(deleted.pictures), others: figure(deleted.others) };
  return html`
    <section class="form person">
      <h2>${say('person.deleted')}</h2>
      <p>${say('person.deleted_what', gone)}</p>
      <p class="soft">${say('person.stays')}</p>
      ${deleted.opted_out && html`<p class="soft">${say('person.stays_opt_out')}</p>`}
      ${deleted.held.length > 0 && html`<p class="stays">${deleted.held_by.length ? say('person.held', { count: figure(deleted.held.length), titles: deleted.held_by.join(', ') }) : say('person.not_over', { count: figure(deleted.held.length) })}</p>`}
      <div class="deeds"><button onClick=${onDone}>${say('page.close')}</button></div>
    </section>`;
}
