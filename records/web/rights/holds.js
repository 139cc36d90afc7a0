// Legal holds: what must be kept for a case, by whom and until when.
import { useState } from 'preact/hooks';
import { get, part, post } from 'desk/office/ask.js';
import { shown, useLoaded } from 'desk/office/loaded.js';
import { may } from 'desk/office/me.js';
import { act } from 'desk/office/notice.js';
import { Choices, Field, Page, begun, typed } from 'desk/office/page.js';
import { figure, moment, say } from 'desk/office/words.js';
import { Empty, html } from 'desk/view.js';
import { askToEnd, inForce } from './hold_end.js';

/** @typedef {import('./types.js').Hold} Hold */

export function Holds() {
  const [loaded, again] = useLoaded((signal) => get('rights/holds', {}, signal), []);
  const [open, setOpen] = useState(false);
  const [which, setWhich] = useState('now');
  const end = async (/** @type {Hold} */ hold) => { if (await askToEnd(hold)) again(); };
  return html`
    <${Page} name="holds" deeds=${html`<button class="main" disabled=${open} onClick=${() => setOpen(true)}>${say('holds.new')}</button>`}>
      ${open && html`<${Form} onDone=${(/** @type {boolean} */ made) => { setOpen(false); if (made) again(); }} />`}
      <${Choices} label=${say('holds.which')} value=${which} onChange=${setWhich} options=${['now', 'over'].map((value) => ({ value, label: say(`holds.${value}`) }))} />
      ${shown(loaded, again, (/** @type {{today: string, holds: Hold[]}} */ { today, holds }) => {
        const some = holds.filter((hold) => inForce(hold, today) === (which === 'now'));
        return some.length === 0 ? html`<${Empty} title=${say(`holds.none.${which}`)}>${say('holds.none_next')}<//>` : html`
          <ul class="lines">${some.map((hold) => html`
            <li key=${hold.hold_id} class=${which === 'now' ? 'record' : 'record off'}>
              <div>
                <p class="say">${hold.title}</p>
                <p>${hold.reason}</p>
                <p class="soft">${[counted(hold), hold.until ? say('holds.until', { day: hold.until }) : say('holds.unending'), say('holds.by', { by: hold.by, at: moment(hold.at) }),
                  hold.ended_at && say('holds.ended', { by: hold.ended_by, at: moment(hold.ended_at), why: hold.ended_why })].filter(Boolean).join(' · ')}</p>
                ${hold.subjects.some(({ kind }) => kind === 'contact') && html`<details><summary>${say('holds.contacts')}</summary>
                  ${hold.subjects.filter(({ kind }) => kind === 'contact').map(({ id }) => html`<p key=${id}><a href=${`#/contacts/${part(id)}`}>${id}</a></p>`)}</details>`}
              </div>
              ${which === 'now' && may('admin') && html`<div class="deeds"><button class="quiet" onClick=${() => end(hold)}>${say('holds.end')}</button></div>`}
            </li>`)}</ul>`;
      })}
    <//>`;
}

/** @param {Hold} hold */
function counted(hold) {
  const contacts = hold.subjects.filter(({ kind }) => kind === 'contact').length;
  return say('holds.subjects', { contacts: figure(contacts), people: figure(hold.subjects.length - contacts) });
}

/** One a line, or with commas. @param {string} text */
const many = (text) => text.split(/[\n,]/).map((one) => one.trim()).filter(Boolean);

/** @param {{onDone: (made: boolean) => void}} props */
function Form({ onDone }) {
  const [form, setForm] = useState({ title: '', reason: '', contacts: '', numbers: '', until: '' });
  const set = (/** @type {string} */ name) => (/** @type {Event} */ event) => setForm({ ...form, [name]: typed(event) });
  const save = async (/** @type {Event} */ event) => {
    event.preventDefault();
    const made = await act(() => post('rights/holds', { title: form.title, reason: form.reason, contacts: many(form.contacts), numbers: many(form.numbers), until: form.until || null }), say('holds.made'));
    if (made) onDone(true);
  };
  return html`
    <form class="fields form" onSubmit=${save}>
      <${Field} label=${say('holds.title')} hint=${say('holds.title_hint')}><input type="text" required ref=${begun} minlength="2" maxlength="200" autocomplete="off" value=${form.title} onInput=${set('title')} /><//>
      <${Field} label=${say('holds.last_day')} hint=${say('holds.last_day_hint')}><input type="date" value=${form.until} onInput=${set('until')} /><//>
      <${Field} label=${say('rights.reason')} wide><input type="text" required minlength="2" maxlength="500" autocomplete="off" value=${form.reason} onInput=${set('reason')} /><//>
      <${Field} label=${say('holds.numbers')} hint=${say('holds.numbers_hint')}><textarea rows="3" maxlength="4000" value=${form.numbers} onInput=${set('numbers')}></textarea><//>
      <${Field} label=${say('holds.contact_ids')} hint=${say('holds.contact_ids_hint')}><textarea rows="3" maxlength="20000" value=${form.contacts} onInput=${set('contacts')}></textarea><//>
      <div class="deeds wide">
        <button type="button" onClick=${() => onDone(false)}>${say('page.cancel')}</button>
        <button class="main">${say('holds.put')}</button>
      </div>
    </form>`;
}
