// The monthly review that the law wants: who looked at how many people's data, signed off with what was noticed.
import { useState } from 'preact/hooks';
import { get, post } from 'desk/office/ask.js';
import { shown, useLoaded } from 'desk/office/loaded.js';
import { act } from 'desk/office/notice.js';
import { Field, typed } from 'desk/office/page.js';
import { figure, moment, say } from 'desk/office/words.js';
import { Empty, html } from 'desk/view.js';

/** @typedef {import('./types.js').Month} Month */

export function MonthReview() {
  const [month, setMonth] = useState('');
  const [remarks, setRemarks] = useState('');
  const [loaded, again] = useLoaded((signal) => get('audit/month', { month }, signal), [month]);
  const sign = async (/** @type {Event} */ event, /** @type {string} */ which) => {
    event.preventDefault();
    const done = await act(() => post('audit/review', { month: which, remarks }), say('audit.signed'));
    if (done) setRemarks('');
    again();
  };
  return shown(loaded, again, (/** @type {Month} */ told) => html`
    <div class="filters">
      <${Field} label=${say('audit.which_month')}><input type="month" value=${told.month} onChange=${(/** @type {Event} */ event) => setMonth(typed(event))} /><//>
      ${told.due.length > 0 && html`<p class="late">${say('audit.due')} ${told.due.map((one) => html`<button key=${one} type="button" class="quiet" onClick=${() => setMonth(one)}>${one}</button>`)}</p>`}
    </div>
    ${told.tally.length === 0 ? html`<${Empty} title=${say('audit.empty_month')}>${say('audit.empty_month_next')}<//>` : html`
      <table class="plain">
        <thead><tr><th>${say('audit.who')}</th><th>${say('audit.what')}</th><th class="number">${say('audit.people')}</th><th class="number">${say('audit.times')}</th></tr></thead>
        <tbody>${told.tally.map((one) => html`
          <tr key=${`${one.who} ${one.deed} ${one.thing}`}><td>${told.names[one.who] ?? one.who}</td><td>${say(`audit.thing.${one.thing}`)} ${say(`audit.deed.${one.deed}`)}</td>
            <td class="number">${figure(one.people)}</td><td class="number">${figure(one.times)}</td></tr>`)}</tbody>
      </table>`}
    <h2>${say('audit.reviews')}</h2>
    ${told.reviews.map((one) => html`<p key=${one.at}><b>${told.names[one.by] ?? one.by}</b> <span class="soft">${moment(one.at)}</span><br />${one.remarks}</p>`)}
    <form class="form" onSubmit=${(/** @type {Event} */ event) => sign(event, told.month)}>
      <${Field} label=${say('audit.remarks')} hint=${say('audit.remarks_hint')}><textarea rows="3" required minlength="2" maxlength="2000" value=${remarks} onInput=${(/** @type {Event} */ event) => setRemarks(typed(event))}></textarea><//>
      <div class="deeds"><button class="main">${say('audit.sign', { month: told.month })}</button></div>
    </form>`);
}
