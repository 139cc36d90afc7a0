// Who wants no texts. The list holds no numbers: one is looked up by typing it.
import { useState } from 'preact/hooks';
import { get, post } from 'desk/office/ask.js';
import { shown, useLoaded } from 'desk/office/loaded.js';
import { act } from 'desk/office/notice.js';
import { Page, typed } from 'desk/office/page.js';
import { moment, say } from 'desk/office/words.js';
import { grouped } from 'desk/format.js';
import { Empty, html } from 'desk/view.js';

/** @typedef {{since: string, way: 'reply' | 'desk' | 'office', by: string}} OptOut */

export function OptOuts() {
  const [number, setNumber] = useState('');
  const [found, setFound] = useState(/** @type {{number: string, opt_out: OptOut | null} | null} */ (null));
  const [older, setOlder] = useState(/** @type {{opt_outs: OptOut[], more: boolean} | null} */ (null));
  const [loaded, again] = useLoaded((signal) => get('texts/opt-outs', {}, signal), []);
  const look = async (/** @type {Event} */ event) => {
    event.preventDefault();
    const answer = await act(() => post('texts/opt-outs/find', { number }));
    if (answer) setFound({ number, ...answer });
  };
  /** @param {boolean} on @param {string} whose */
  const set = async (on, whose) => {
    const done = await act(async () => {
      const answer = await post(on ? 'texts/opt-outs' : 'texts/opt-outs/drop', { number: whose });
      again();
      return { number: whose, opt_out: answer?.opt_out ?? null };
    }, say(on ? 'texts.told_no' : 'texts.told_yes'), () => set(!on, whose));
    if (done) setFound(done);
  };
  return html`
    <${Page} name="opt-outs">
      <form class="try" onSubmit=${look}>
        <label class="field"><span>${say('texts.whose')}</span><input type="text" inputmode="tel" maxlength="20" required placeholder="010-0000-0000" value=${number} onInput=${(/** @type {Event} */ event) => { setNumber(typed(event)); setFound(null); }} /></label>
        <button class="main">${say('texts.look')}</button>
      </form>
      <div aria-live="polite">${found && html`
        <div class="record form">
          <div><b class="number">${grouped(found.number)}</b>
            <p>${found.opt_out ? say('texts.wants_none', { when: moment(found.opt_out.since) }) : say('texts.wants_texts')}</p></div>
          <div class="deeds">${found.opt_out
            ? html`<button onClick=${() => set(false, found.number)}>${say('texts.take_off')}</button>`
            : html`<button onClick=${() => set(true, found.number)}>${say('texts.put_on')}</button>`}</div>
        </div>`}</div>
      ${shown(loaded, again, (/** @type {{opt_outs: OptOut[], more: boolean}} */ page) => {
        const all = [...page.opt_outs, ...(older?.opt_outs ?? [])];
        const more = async () => {
          const last = all[all.length - 1];
          const answer = await act(() => get('texts/opt-outs', { before: last.since }));
          if (answer) setOlder({ opt_outs: [...(older?.opt_outs ?? []), ...answer.opt_outs], more: answer.more });
        };
        return all.length === 0 ? html`<${Empty} title=${say('texts.no_opt_outs')}>${say('texts.no_opt_outs_next')}<//>` : html`
          <ul class="lines">${all.map((one) => html`
            <li key=${one.since} class="record"><div>${say(`texts.way.${one.way}`)}${one.by && html` <span class="soft">${one.by}</span>`}</div><span class="soft">${moment(one.since)}</span></li>`)}</ul>
          ${(older ?? page).more && html`<button class="more" onClick=${more}>${say('page.more')}</button>`}`;
      })}
    <//>`;
}
