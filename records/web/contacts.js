// All contacts that she may see, newest first, found by any two letters of their record.
import { useEffect, useRef, useState } from 'preact/hooks';
import { signal } from '@preact/signals';
import { get } from 'desk/office/ask.js';
import { shown, useLoaded } from 'desk/office/loaded.js';
import { may, me } from 'desk/office/me.js';
import { act } from 'desk/office/notice.js';
import { Page, Select, typed, walk } from 'desk/office/page.js';
import { moment, say } from 'desk/office/words.js';
import { clock } from 'desk/format.js';
import { pieces } from 'desk/marks.js';
import { Empty, Key, html } from 'desk/view.js';
import { categoryOptions, levels, loadTerms, personOptions, plainOptions, resultName, resultOptions, terms } from './terms.js';

/** @typedef {import('./types.js').ContactLine} ContactLine */

const NOTHING = { text: '', since: '', until: '', channel: '', agent: '', department: '', category: '', district: '', result: '', state: '', follow_up: '' };
/** What is looked for; stays while she reads a contact. */
const wish = signal(NOTHING);
const CHANNELS = ['call', 'text', 'chat', 'web'];
const STATES = ['unasked', 'confirmed', 'draft', 'alone'];
/** While she types, the list waits for so long. */
const TYPING_MS = 250;

/** Show these alone. @param {Partial<typeof NOTHING>} some */
export const showContacts = (some) => { wish.value = { ...NOTHING, ...some }; };

export function Contacts() {
  const now = wish.value;
  const [loaded, again, put] = useLoaded((signal) => get('contacts', now, signal), [now]);
  const set = (/** @type {Partial<typeof NOTHING>} */ some) => { wish.value = { ...wish.value, ...some }; };
  const narrowed = JSON.stringify(now) !== JSON.stringify(NOTHING);
  return html`
    <${Page} name="contacts" deeds=${html`<button onClick=${() => print()}>${say('contacts.print')}</button>`}>
      <${Search} />
      <${Filters} now=${now} set=${set} />
      <div aria-live="polite">
      ${shown(loaded, again, (page) => page.contacts.length === 0
        ? html`<${Empty} title=${say(narrowed ? 'contacts.not_found' : 'contacts.none')}>
            ${narrowed ? html`<button onClick=${() => showContacts({})}>${say('contacts.all')}</button>` : say('contacts.none_next')}<//>`
        : html`
          <${Lines} contacts=${page.contacts} words=${page.words} />
          ${page.more && html`<button class="more" onClick=${() => more(now, page, put)}>${say('page.more')}</button>`}`)}
      </div>
    <//>`;
}

/** Hers that wait to be confirmed. */
export function Unasked() {
  const filter = { state: 'unasked', agent: me.value.id };
  const [loaded, again, put] = useLoaded(async (signal) => {
    const [page] = await Promise.all([get('contacts', filter, signal), loadTerms()]); // the menu's count is as new as the list
    return page;
  }, []);
  return html`
    <${Page} name="unasked">
      ${shown(loaded, again, (page) => page.contacts.length === 0
        ? html`<${Empty} title=${say('unasked.none')}>${say('unasked.none_next')}<//>`
        : html`
          <${Lines} contacts=${page.contacts} />
          ${page.more && html`<button class="more" onClick=${() => more(filter, page, put)}>${say('page.more')}</button>`}`)}
    <//>`;
}

/** @param {Record<string, string>} filter @param {import('./types.js').ContactsPage} page @param {(page: import('./types.js').ContactsPage) => void} put */
const more = (filter, page, put) => act(async () => {
  const next = await get('contacts', { ...filter, before: page.contacts[page.contacts.length - 1].place });
  put({ ...next, contacts: [...page.contacts, ...next.contacts] });
});

function Search() {
  const [text, setText] = useState(wish.value.text);
  const box = useRef(/** @type {HTMLInputElement | null} */ (null));
  useEffect(() => setText(wish.value.text), [wish.value.text]);
  useEffect(() => {
    if (text === wish.value.text) return undefined;
    const waiting = setTimeout(() => { wish.value = { ...wish.value, text }; }, TYPING_MS);
    return () => clearTimeout(waiting);
  }, [text]);
  useEffect(() => {
    const focus = (/** @type {KeyboardEvent} */ event) => {
      if (event.code !== 'Slash' || event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement) return;
      event.preventDefault();
      box.current?.select();
      box.current?.focus();
    };
    addEventListener('keydown', focus);
    return () => removeEventListener('keydown', focus);
  }, []);
  return html`
    <form class="filters of-search" role="search" onSubmit=${(/** @type {Event} */ event) => { event.preventDefault(); wish.value = { ...wish.value, text }; }}>
      <label class="find">
        <span class="heard-out">${say('contacts.find')}</span>
        <input type="search" ref=${box} value=${text} placeholder=${say('contacts.find_hint')} maxlength="200" aria-describedby="find-help"
          onInput=${(/** @type {Event} */ event) => setText(typed(event))} />
        <${Key}>/<//>
      </label>
      <small id="find-help" class="soft">${say('contacts.find_help')}</small>
    </form>`;
}

/** @param {{now: typeof NOTHING, set: (some: Partial<typeof NOTHING>) => void}} props */
function Filters({ now, set }) {
  const pick = (/** @type {keyof typeof NOTHING} */ name, /** @type {{value: string, label: string}[]} */ options) => html`
    <${Select} label=${say(`contacts.by.${name}`)} none=${say(`contacts.any.${name}`)} value=${now[name]} options=${options} onChange=${(/** @type {string} */ value) => set({ [name]: value })} />`;
  const day = (/** @type {'since' | 'until'} */ name) => html`
    <label class="day"><span>${say(`contacts.by.${name}`)}</span>
      <input type="date" value=${now[name]} max=${terms.value.today} onChange=${(/** @type {Event} */ event) => set({ [name]: typed(event) })} /></label>`;
  return html`
    <div class="filters">
      ${day('since')}${day('until')}
      ${pick('channel', CHANNELS.map((value) => ({ value, label: say(`channel.${value}`) })))}
      ${pick('result', resultOptions.value)}
      ${pick('category', categoryOptions.value)}
      ${pick('department', plainOptions(terms.value.departments))}
      ${terms.value.districts.length > 0 && pick('district', plainOptions(terms.value.districts))}
      ${may('supervisor') && pick('agent', personOptions.value)}
      ${pick('state', STATES.map((value) => ({ value, label: say(`state.${value}`) })))}
      <label class="check"><input type="checkbox" checked=${now.follow_up === 'open'}
        onChange=${(/** @type {Event} */ event) => set({ follow_up: /** @type {HTMLInputElement} */ (event.target).checked ? 'open' : '' })} /> ${say('contacts.by.follow_up')}</label>
    </div>`;
}

/** @param {{contacts: ContactLine[], words?: string[]}} props */
export function Lines({ contacts, words = [] }) {
  return html`
    <ol class="lines of-contacts" onKeyDown=${walk}>
      ${contacts.map((one) => html`
        <li key=${one.contact_id}>
          <a class="line" data-stop href=${`#/contacts/${encodeURIComponent(one.contact_id)}`}>
            <span class="title">${marked(one.need || say('contacts.no_need'), words)}</span>
            ${!hit(one.need, words) && hit(one.answer, words) && html`<span class="answer">${marked(one.answer, words)}</span>`}
            <span class="about soft">
              ${[html`<b>${say(`channel.${one.channel}`)}</b>`, one.category && marked(levels(one.category), words), one.department && marked(one.department, words), one.agent_name, one.last4 && `…${one.last4}`]
                .filter(Boolean).map((part, i) => html`${i > 0 && ' · '}${part}`)}
            </span>
            <span class="badges">
              ${one.open_follow_ups > 0 && html`<span class="badge of-follow-up">${say('contacts.follow_up', { count: one.open_follow_ups })}</span>`}
              ${one.state !== 'confirmed' && html`<span class=${`badge of-${one.state}`}>${say(`state.${one.state}`)}</span>`}
              ${one.result && html`<span class="badge">${resultName(one.result)}</span>`}
            </span>
            <span class="when soft"><time>${moment(one.at)}</time>${one.talk_s > 0 && html`<span>${clock(one.talk_s)}</span>`}</span>
          </a>
        </li>`)}
    </ol>`;
}

/** Whether any of the words stands in it. @param {string} text @param {string[]} words */
const hit = (text, words) => pieces(text, words, []).some(({ kind }) => kind === 'marked');

/** @param {string} text @param {string[]} words */
function marked(text, words) {
  return pieces(text, words, []).map(({ kind, text: part }) => (kind === 'marked' ? html`<mark>${part}</mark>` : part));
}

