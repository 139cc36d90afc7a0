// Follow-ups: what, by whom, until when; done with a note, and back again.
import { post } from 'desk/office/ask.js';
import { confirm } from 'desk/office/confirm.js';
import { act } from 'desk/office/notice.js';
import { language, moment, say } from 'desk/office/words.js';
import { html } from 'desk/view.js';
import { aboutOf } from './about.js';
import { personName, terms } from './terms.js';

/** @typedef {import('./types.js').FollowUp} FollowUp */
/** @typedef {import('./types.js').ContactAbout} ContactAbout */

/**
 * @param {{list: FollowUp[], onChange: () => void, about?: Record<string, ContactAbout>, quiet?: boolean}} props
 * about: of which contacts they are, by id, where that is not plain; quiet: nothing is shown where there is none
 */
export function FollowUps({ list, onChange, about = {}, quiet }) {
  if (quiet && list.length === 0) return null;
  return html`
    <section class=${quiet ? 'report-box' : ''}>
      ${quiet && html`<h2>${say('nav.follow-ups')}</h2>`}
      <ul class="lines of-follow-ups">${list.map((one) => html`<${One} key=${one.follow_up_id} one=${one} about=${about[one.contact_id]} onChange=${onChange} />`)}</ul>
    </section>`;
}

/** As people write it: its year only where that is another. @param {string} due */
function dayOf(due) {
  const [year, month, day] = due.split('-').map(Number);
  return language.value === 'ko' ? `${year === new Date().getFullYear() ? '' : `${year}. `}${month}. ${day}.` : due;
}

/** @param {{one: FollowUp, about?: ContactAbout, onChange: () => void}} props */
function One({ one, about, onChange }) {
  const late = one.state === 'open' && one.due < terms.value.today;
  const today = one.state === 'open' && one.due === terms.value.today;
  const done = async (/** @type {boolean} */ cancelled) => {
    const note = await confirm({ title: say(cancelled ? 'follow_up.cancel_ask' : 'follow_up.done_ask'), text: one.text, yes: say(cancelled ? 'follow_up.cancel' : 'follow_up.done'), write: { label: say('follow_up.note') } });
    if (note === null) return;
    await act(() => post(`follow-ups/${one.follow_up_id}/done`, { note, cancelled }), say('follow_up.closed'), () => post(`follow-ups/${one.follow_up_id}/open`).then(onChange));
    onChange();
  };
  const again = async () => {
    await act(() => post(`follow-ups/${one.follow_up_id}/open`), say('follow_up.opened'));
    onChange();
  };
  return html`
    <li class="record">
      <div>
        <p class="say">${one.callback_id ? html`${say('follow_up.callback')} <a href="/desk#/callbacks">${say('follow_up.callbacks')}</a>` : one.text}</p>
        ${about && html`
          <p class="soft figures">${aboutOf(about)}${about.readable && html` · <a href=${`#/contacts/${encodeURIComponent(one.contact_id)}`}>${say('follow_up.contact')}</a>`}</p>`}
        <p class="soft">
          <span class=${late ? 'late' : today ? 'due' : ''}>${say(late ? 'follow_up.late' : today ? 'follow_up.today' : 'follow_up.due', { day: dayOf(one.due) })}</span>
          ${' · '}${one.owner ? personName(one.owner) : say('follow_up.anybody')}
          ${one.done_at && html` · ${say(`follow_up.${one.state}_by`, { name: personName(one.done_by), at: moment(one.done_at) })}${one.note && ` · ${one.note}`}`}
        </p>
      </div>
      <div class="deeds">
        ${one.state === 'open'
          ? html`<button class="main" onClick=${() => done(false)}>${say('follow_up.done')}</button><button class="quiet" onClick=${() => done(true)}>${say('follow_up.cancel')}</button>`
          : html`<button class="quiet" onClick=${again}>${say('follow_up.again')}</button>`}
      </div>
    </li>`;
}
