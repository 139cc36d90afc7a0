// The search box over the consultation database: '/' to type, arrows to choose, Enter to open, Tab to narrow down, Esc to leave.
import { useEffect, useRef, useState } from 'preact/hooks';
import { search, shelves as loadShelves } from './api.js';
import { openFound } from './cards.js';
import { grouped } from './format.js';
import { found } from './marks.js';
import { say } from './messages.js';
import { Key, html } from './view.js';

const PAUSE_MS = 40;

/** @typedef {import('./types.js').Suggestion} Suggestion */
/** @typedef {import('./types.js').Shelves} Shelves */
/** @typedef {{kind: 'searching'} | {kind: 'failed'} | {kind: 'results', query: string, results: Suggestion[]}} Outcome */

export function Search() {
  const [query, setQuery] = useState('');
  const [category, setCategory] = useState('');
  const [department, setDepartment] = useState('');
  const [open, setOpen] = useState(false);
  const [shelves, setShelves] = useState(/** @type {Shelves | null} */ (null));
  const [outcome, setOutcome] = useState(/** @type {Outcome | null} */ (null));
  const [picked, setPicked] = useState(''); // the id that she went to; '' = the first
  const box = useRef(/** @type {HTMLDivElement | null} */ (null));
  const field = useRef(/** @type {HTMLInputElement | null} */ (null));
  const wanted = query.trim();
  const asks = wanted !== '' || category !== '' || department !== '';

  useEffect(() => {
    if (!asks) {
      setOutcome(null);
      return undefined;
    }
    setOutcome((before) => before ?? { kind: 'searching' });
    const stop = new AbortController();
    const timer = setTimeout(async () => {
      try {
        const { results } = await search({ q: wanted, category, department }, stop.signal);
        setOutcome({ kind: 'results', query: wanted, results });
      } catch {
        if (!stop.signal.aborted) setOutcome({ kind: 'failed' });
      }
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [wanted, category, department]);
  useEffect(() => {
    if (open && !shelves) loadShelves().then(setShelves, () => undefined); // without them there is nothing to narrow down by
  }, [open]);
  const results = outcome?.kind === 'results' ? outcome.results : [];
  const chosen = Math.max(0, results.findIndex(({ id }) => id === picked)); // what she chose stays chosen when more is found
  useEffect(() => document.getElementById(`result-${chosen}`)?.scrollIntoView({ block: 'nearest' }), [chosen]);

  const close = () => {
    setOpen(false);
    setPicked('');
    setQuery('');
    setCategory('');
    setDepartment('');
  };
  const leave = () => {
    close();
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  };
  /** @param {Suggestion} result */
  const take = (result) => {
    openFound(result);
    leave();
  };
  /** @param {KeyboardEvent} event */
  const pressed = (event) => {
    const inList = event.target instanceof HTMLSelectElement;
    // While a Korean syllable is being typed an arrow ends it and comes again; Enter comes once and means 'open'.
    const step = event.isComposing || inList ? 0 : { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && results.length) setPicked(results[(chosen + step + results.length) % results.length].id);
    else if (event.key === 'Enter' && inList) field.current?.focus();
    else if (event.key === 'Enter' && results[chosen]) take(results[chosen]);
    else if (event.key === 'Escape' && inList) field.current?.focus();
    else if (event.key === 'Escape') leave();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  /** @param {FocusEvent} event */
  const left = (event) => {
    if (!box.current?.contains(/** @type {Node | null} */ (event.relatedTarget))) close();
  };

  return html`
    <div class="search" role="search" ref=${box} onKeyDown=${pressed} onFocusOut=${left}>
      <input id="search" ref=${field} type="text" role="combobox" autocomplete="off" spellcheck=${false} enterkeyhint="search"
        aria-label=${say('search.label')} aria-expanded=${outcome !== null} aria-controls="results" aria-autocomplete="list"
        aria-activedescendant=${results.length ? `result-${chosen}` : undefined}
        placeholder=${say('search.hint')} value=${query} onFocus=${() => setOpen(true)}
        onInput=${(/** @type {InputEvent} */ event) => setQuery(/** @type {HTMLInputElement} */ (event.target).value)} />
      ${!query && !open && html`<${Key}>/<//>`}
      ${open && html`
        <div class="results" onMouseDown=${(/** @type {MouseEvent} */ event) => { if (!(event.target instanceof HTMLSelectElement)) event.preventDefault(); }}>
          <div class="shelves">
            <${Shelf} label=${say('search.category')} all=${say('search.all_categories')} names=${shelves?.categories ?? []} chosen=${category} onChoose=${setCategory} />
            <${Shelf} label=${say('search.department')} all=${say('search.all_departments')} names=${shelves?.departments ?? []} chosen=${department} onChoose=${setDepartment} />
            <${Key}>Tab<//>
          </div>
          ${outcome && html`
            <ul id="results" role="listbox" aria-label=${say('search.label')}>
              ${results.map((result, i) => html`
                <li id=${`result-${i}`} key=${result.id} role="option" aria-selected=${i === chosen} onClick=${() => take(result)}>
                  <b>${found(result.title.normalize('NFC'), result.words).map(({ kind, text }) => (kind === 'marked' ? html`<mark>${text}</mark>` : text))}</b><span class="number">${grouped(result.phone)}</span>
                  <small>${[result.category.split('>').join(' › '), result.department].filter(Boolean).join(' · ')}</small>
                </li>`)}
            </ul>`}
          <p class="soft" role="status">${summary(outcome)}</p>
        </div>`}
    </div>`;
}

/** @param {{label: string, all: string, names: string[], chosen: string, onChoose: (name: string) => void}} props */
function Shelf({ label, all, names, chosen, onChoose }) {
  return html`
    <select aria-label=${label} value=${chosen} onChange=${(/** @type {Event} */ event) => onChoose(/** @type {HTMLSelectElement} */ (event.target).value)}>
      <option value="">${all}</option>
      ${names.map((name) => html`<option key=${name} value=${name}>${name.split('>').join(' › ')}</option>`)}
    </select>`;
}

/** @param {Outcome | null} outcome */
function summary(outcome) {
  if (outcome === null) return say('search.how');
  if (outcome.kind === 'searching') return say('search.searching');
  if (outcome.kind === 'failed') return say('search.failed');
  if (outcome.results.length) return say('search.count', { count: outcome.results.length });
  return html`<b>${outcome.query ? say('search.none', { query: outcome.query }) : say('search.none_here')}</b> ${say('search.none_next')}`;
}
