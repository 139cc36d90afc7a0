// On a contact's page, for those who may: whether a legal hold keeps it, since when and by whom; put one, end it.
import { get, post } from 'desk/office/ask.js';
import { confirm } from 'desk/office/confirm.js';
import { useLoaded } from 'desk/office/loaded.js';
import { may } from 'desk/office/me.js';
import { act } from 'desk/office/notice.js';
import { moment, say } from 'desk/office/words.js';
import { inThrees } from 'desk/format.js';
import { html } from 'desk/view.js';
import { personName } from '../terms.js';
import { askToEnd, inForce } from './hold_end.js';

/** @typedef {import('../types.js').ContactRecord} ContactRecord */
/** @typedef {import('./types.js').Hold} Hold */

const PLACE = 'contact-hold';

/** In the page's head: leads to where it stands. */
export const toHold = () => may('supervisor') && html`<button onClick=${() => document.getElementById(PLACE)?.focus()}>${say('holds.hold')}</button>`;

/** @param {{record: ContactRecord}} props */
export function ContactHold({ record }) {
  return may('supervisor') ? html`<${Holds} record=${record} />` : null;
}

/** @param {{record: ContactRecord}} props */
function Holds({ record }) {
  const { contact_id: contact, person, number } = record;
  const [loaded, again] = useLoaded((signal) => get('rights/holds', { contact, person }, signal), [contact]);
  const put = async () => {
    const title = say('holds.of_contact', { number: inThrees(number) });
    const reason = await confirm({ title: say('holds.put_ask'), text: say('holds.put_text'), yes: say('holds.keep'), write: { label: say('rights.reason'), needed: true } });
    if (reason === null) return;
    await act(() => post('rights/holds', { title, reason, contacts: [contact] }), say('holds.made'));
    again();
  };
  const end = async (/** @type {Hold} */ hold) => { if (await askToEnd(hold)) again(); };
  const known = loaded.kind === 'here' ? loaded.value : null;
  const holds = known?.holds.filter((/** @type {Hold} */ hold) => inForce(hold, known.today)) ?? [];
  const state = known ? (holds.length > 0 ? 'kept' : 'not_kept') : loaded.kind === 'failed' ? 'unknown' : '';
  return html`
    <section id=${PLACE} class="report-box contact-hold" tabindex="-1" aria-label=${say('holds.hold')}>
      <header>
        <h2>${say('holds.hold')}</h2>
        <span class="soft" role="status">${state && say(`holds.${state}`)}</span>
        ${state !== 'kept' && html`
          <span class="deeds">${state === 'unknown' ? html`<button class="quiet" onClick=${again}>${say('page.retry')}</button>`
            : html`<button disabled=${!known} onClick=${put}>${say('holds.keep')}</button>`}</span>`}
      </header>
      ${holds.length > 0 && html`
        <ul class="lines">${holds.map((/** @type {Hold} */ hold) => html`
          <li key=${hold.hold_id} class="record">
            <div>
              <p class="say">${hold.title}</p>
              <p>${hold.reason}</p>
              <p class="soft">${say('holds.by', { by: personName(hold.by), at: moment(hold.at) })} · ${hold.until ? say('holds.until', { day: hold.until }) : say('holds.unending')}</p>
            </div>
            <div class="deeds">
              ${hold.subjects.length > 1 ? html`<a href="#/holds">${say('holds.whole_case')}</a>`
                : may('admin') ? html`<button class="quiet" onClick=${() => end(hold)}>${say('holds.end')}</button>`
                : html`<span class="soft">${say('holds.who_ends')}</span>`}
            </div>
          </li>`)}</ul>`}
    </section>`;
}
