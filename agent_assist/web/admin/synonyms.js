// Words of citizens and what offices call them: in force, proposed by what agents did, switched off.
import { useState } from 'preact/hooks';
import { nameOf } from './structure.js';
import { get, post } from '../office/ask.js';
import { shown, useLoaded } from '../office/loaded.js';
import { act } from '../office/notice.js';
import { Choices, Field, Page, begun, typed } from '../office/page.js';
import { figure, moment, say } from '../office/words.js';
import { Empty, html } from '../view.js';

/** @typedef {import('./types.js').Synonym} Synonym */
/** @typedef {{lay: string, office: string[], state: string, before: string}} Sent */

const STATES = ['in_force', 'proposed', 'off'];

export function Synonyms() {
  const [state, setState] = useState('in_force');
  const [find, setFind] = useState('');
  const [open, setOpen] = useState(/** @type {string | null} */ (null)); // the word; '' = a new one
  const [all, again] = useLoaded((signal) => get('synonyms', {}, signal), []);
  const list = all.kind === 'here' ? /** @type {Synonym[]} */ (all.value) : [];
  const wanted = find.trim();
  const seen = list.filter((one) => one.state === state && (!wanted || [one.lay, ...one.office].some((word) => word.includes(wanted))));
  /** @param {Sent} what */
  const put = async (what) => {
    await post('synonyms', what);
    again();
    return true;
  };
  /** @param {Synonym} one @param {string} to */
  const move = (one, to) => act(() => put({ ...sent(one), state: to }), say(`synonyms.told_${to}`, { lay: one.lay }), () => put(sent(one)));
  const remove = (/** @type {Synonym} */ one) => act(async () => {
    await post('synonyms/drop', { lay: one.lay });
    again();
  }, say('synonyms.removed', { lay: one.lay }), () => put({ ...sent(one), before: '' }));
  return html`
    <${Page} name="synonyms" deeds=${html`<button class="main" onClick=${() => setOpen('')}>${say('synonyms.new')}</button>`}>
      <div class="filters" role="search"><label class="find"><span class="heard-out">${say('synonyms.find')}</span><input type="search" placeholder=${say('synonyms.find')} value=${find} onInput=${(/** @type {Event} */ event) => setFind(typed(event))} /></label></div>
      <${Choices} label=${say('synonyms.state')} value=${state} onChange=${setState} options=${STATES.map((value) => ({ value, label: say(`synonyms.${value}`), count: list.filter((one) => one.state === value).length }))} />
      ${open === '' && html`<${Form} key="new" one=${{ lay: '', office: [], state: 'in_force', before: '' }} put=${put} onDone=${() => setOpen(null)} />`}
      ${shown(all, again, () => seen.length === 0 ? html`<${Empty} title=${say(wanted ? 'synonyms.none_found' : `synonyms.none_${state}`)} />` : html`
        <ul class="lines">${seen.map((one) => html`
          <li key=${one.lay} class="record">
            ${open === one.lay ? html`<${Form} one=${sent(one)} put=${put} onDone=${() => setOpen(null)} />` : html`
              <div><b>${one.lay}</b> → ${one.office.join(', ')}
                <p class="soft">${[one.seen > 0 && say('synonyms.seen', { seen: figure(one.seen) }), one.by ? nameOf(one.by) : say('by.learnt'), moment(one.at)].filter(Boolean).join(' · ')}</p></div>
              <div class="deeds">
                ${one.state !== 'in_force' && html`<button onClick=${() => move(one, 'in_force')}>${say('synonyms.use')}</button>`}
                ${one.state !== 'off' && html`<button class="quiet" onClick=${() => move(one, 'off')}>${say('synonyms.switch_off')}</button>`}
                <button class="quiet" onClick=${() => setOpen(one.lay)}>${say('page.edit')}</button>
                <button class="quiet" onClick=${() => remove(one)}>${say('page.delete')}</button>
              </div>`}
          </li>`)}</ul>`)}
    <//>`;
}

/** @param {Synonym} one @returns {Sent} */
const sent = ({ lay, office, state }) => ({ lay, office, state, before: lay });

/** @param {{one: Sent, put: (what: Sent) => Promise<boolean>, onDone: () => void}} props */
function Form({ one, put, onDone }) {
  const [lay, setLay] = useState(one.lay);
  const [office, setOffice] = useState(one.office.join(', '));
  const words = office.split(',').map((word) => word.trim()).filter(Boolean);
  const save = async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (await act(() => put({ ...one, lay, office: words }), say('page.saved'))) onDone();
  };
  return html`
    <form class="fields form" onSubmit=${save}>
      <${Field} label=${say('synonyms.lay')} hint=${say('synonyms.lay_hint')}><input type="text" required maxlength="60" ref=${begun} value=${lay} onInput=${(/** @type {Event} */ event) => setLay(typed(event))} /><//>
      <${Field} label=${say('synonyms.office')} hint=${say('synonyms.office_hint')}><input type="text" required value=${office} onInput=${(/** @type {Event} */ event) => setOffice(typed(event))} /><//>
      <div class="deeds wide"><button type="button" onClick=${onDone}>${say('page.cancel')}</button><button class="main" disabled=${!lay.trim() || words.length === 0}>${say('page.save')}</button></div>
    </form>`;
}
