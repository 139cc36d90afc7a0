// The list of entries: search, filters, counts; arrows walk, Enter opens.
import { useEffect, useRef, useState } from 'preact/hooks';
import { signal } from '@preact/signals';
import { categoryOptions, departmentOptions, nameOf } from './structure.js';
import { get } from '../office/ask.js';
import { go } from '../office/leaving.js';
import { shown, useLoaded } from '../office/loaded.js';
import { may } from '../office/me.js';
import { Choices, Page, Select, typed, walk } from '../office/page.js';
import { moment, say } from '../office/words.js';
import { Empty, Key, html } from '../view.js';

/** @typedef {import('./types.js').EntryHead} EntryHead */
/** @typedef {{text: string, state: string, category: string, department: string, due: string}} Filter */

const PAUSE_MS = 200;
const STATES = ['draft', 'reviewed', 'published', 'withdrawn', 'deleted'];
const NO_FILTER = { text: '', state: '', category: '', department: '', due: '' };
/** Kept while an entry is looked at. */
const filter = signal(/** @type {Filter} */ (NO_FILTER));

/** The list is to show these alone. @param {Partial<Filter>} what */
export function showOnly(what) {
  filter.value = { ...NO_FILTER, ...what };
}

export function Entries() {
  const now = filter.value;
  const [list, setList] = useState(/** @type {{heads: EntryHead[], more: boolean} | null} */ (null));
  const [counts] = useLoaded(() => get('entries/counts'), []);
  const [first, again] = useLoaded(async (signal) => {
    if (now.text) await new Promise((done) => { setTimeout(done, PAUSE_MS); });
    if (signal.aborted) throw new DOMException('', 'AbortError');
    const page = await get('entries', asked(now), signal);
    setList(page);
    return page;
  }, [now]);
  const field = useRef(/** @type {HTMLInputElement | null} */ (null));
  useEffect(() => {
    const find = (/** @type {KeyboardEvent} */ event) => {
      if (event.code !== 'Slash' || event.ctrlKey || event.altKey || /^(INPUT|TEXTAREA|SELECT)$/.test(/** @type {Element} */ (event.target).tagName)) return;
      event.preventDefault();
      field.current?.focus();
    };
    addEventListener('keydown', find);
    return () => removeEventListener('keydown', find);
  }, []);
  const set = (/** @type {Partial<Filter>} */ change) => { filter.value = { ...now, ...change }; };
  const more = async () => {
    const before = list?.heads ?? [];
    const next = await get('entries', { ...asked(now), after: before.at(-1)?.entry_id });
    setList({ heads: [...before, ...next.heads], more: next.more });
  };
  const known = counts.kind === 'here' ? counts.value : {};
  const filtered = Object.values(now).some(Boolean);
  return html`
    <${Page} name="entries" deeds=${may('editor', 'owner') && html`<a class="button main" href="#/entries/new">${say('entries.new')}</a>`}>
      <div class="filters" role="search">
        <label class="find"><span class="heard-out">${say('entries.find')}</span>
          <input id="find" ref=${field} type="search" autocomplete="off" spellcheck=${false} placeholder=${say('entries.find')} value=${now.text}
            onInput=${(/** @type {Event} */ event) => set({ text: typed(event) })}
            onKeyDown=${(/** @type {KeyboardEvent} */ event) => {
              if (event.key !== 'ArrowDown' || event.isComposing) return;
              event.preventDefault();
              const line = document.querySelector('#entries [data-stop]');
              if (line instanceof HTMLElement) line.focus();
            }} />
          ${!now.text && html`<${Key}>/<//>`}</label>
        <${Select} label=${say('field.category_id')} none=${say('entries.all_categories')} value=${now.category} options=${categoryOptions()} onChange=${(/** @type {string} */ category) => set({ category })} />
        <${Select} label=${say('field.department_id')} none=${say('entries.all_departments')} value=${now.department} options=${departmentOptions(now.department)} onChange=${(/** @type {string} */ department) => set({ department })} />
        <${Select} label=${say('entries.due')} none=${say('entries.any_due')} value=${now.due}
          options=${['0', '30', '90'].map((value) => ({ value, label: say(`entries.due_${value}`) }))} onChange=${(/** @type {string} */ due) => set({ due })} />
      </div>
      <${Choices} label=${say('entries.state')} value=${now.state} onChange=${(/** @type {string} */ state) => set({ state })}
        options=${[{ value: '', label: say('entries.all') }, ...STATES.map((value) => ({ value, label: say(`state.${value}`), count: known[value] ?? 0 }))]} />
      ${shown(first, again, () => list && html`
        ${list.heads.length === 0
          ? html`<${Empty} title=${say(filtered ? 'entries.none_found' : 'entries.none')}>
              ${filtered ? html`<button onClick=${() => { filter.value = NO_FILTER; }}>${say('entries.no_filter')}</button>` : may('editor') && html`<a href="#/import">${say('entries.none_next')}</a>`}
            <//>`
          : html`<ul id="entries" class="lines" onKeyDown=${walk}>${list.heads.map((head) => html`<${Line} key=${head.entry_id} head=${head} />`)}</ul>`}
        ${list.more && html`<button class="more" onClick=${more}>${say('page.more')}</button>`}
        ${now.text && !list.more && html`<${Alike} key=${now.text} text=${now.text} listed=${list.heads.map((head) => head.entry_id)} />`}`)}
    <//>`;
}

/** What no title holds: as the desk's search finds it. @param {{text: string, listed: string[]}} props */
function Alike({ text, listed }) {
  const [found] = useLoaded((signal) => get('search', { text }, signal), [text]);
  if (found.kind !== 'here') return null;
  const others = /** @type {import('../types.js').Suggestion[]} */ (found.value.results).filter((one) => !listed.includes(one.id));
  return others.length > 0 && html`
    <h2>${say('entries.alike')}</h2>
    <ul class="lines" onKeyDown=${walk}>${others.map((one) => html`
      <li key=${one.id}><a class="line" data-stop href=${`#/entries/${encodeURIComponent(one.id)}`}><b class="title">${one.title}</b>
        <span class="soft about">${[one.category.split('>').join(' › '), one.department].filter(Boolean).join(' · ')}</span></a></li>`)}</ul>`;
}

/** @param {Filter} now */
function asked({ text, state, category, department, due }) {
  const day = new Date(Date.now() + Number(due) * 86_400_000);
  return { text, state, category, department, due_before: due && isoDay(day) };
}

/** The day on her own calendar. @param {Date} at */
export function isoDay(at) {
  return [at.getFullYear(), at.getMonth() + 1, at.getDate()].map((n) => String(n).padStart(2, '0')).join('-');
}

/** @param {{head: EntryHead}} props */
export function Line({ head }) {
  const today = isoDay(new Date());
  const late = (/** @type {string | null} */ day) => day !== null && day < today;
  return html`
    <li>
      <a class="line" data-stop href=${`#/entries/${encodeURIComponent(head.entry_id)}`}>
        <b class="title">${head.title}</b>
        <span class="soft about">${[head.category.split('>').join(' › '), head.department, head.person].filter(Boolean).join(' · ')}</span>
        <${State} state=${head.state} published=${head.published} version=${head.version} />
        <span class="soft when">
          ${head.expires && html`<span class=${late(head.expires) ? 'late' : ''}>${say(late(head.expires) ? 'entries.expired' : 'entries.expires', { day: head.expires })}</span>`}
          ${head.review_by && html`<span class=${late(head.review_by) ? 'late' : ''}>${say('entries.review_by', { day: head.review_by })}</span>`}
          <span>${moment(head.at)} ${head.by === 'import' ? say('by.import') : nameOf(head.by)}</span>
        </span>
      </a>
    </li>`;
}

/** @param {{state: import('./types.js').EntryState, published: number, version: number}} props */
export function State({ state, published, version }) {
  // A draft over a published version: agents still read the older one.
  const over = published > 0 && (state === 'draft' || state === 'reviewed');
  return html`<span class=${`badge of-${state}`}>${say(`state.${state}`)}${over ? html` <small>${say('state.over', { version: published })}</small>` : html` <small>v${version}</small>`}</span>`;
}

/** Opens an entry. @param {string} id */
export const openEntry = (id) => go(`#/entries/${encodeURIComponent(id)}`);

