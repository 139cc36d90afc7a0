// The search box over the consultation database: '/' to type, arrows to choose, Enter to open, Esc to leave.
import { useEffect, useRef, useState } from 'preact/hooks';
import { search } from './api.js';
import { openFound } from './cards.js';
import { grouped } from './format.js';
import { say } from './messages.js';
import { Key, html } from './view.js';

const PAUSE_MS = 120;

/** @typedef {import('./types.js').Suggestion} Suggestion */
/** @typedef {{kind: 'searching'} | {kind: 'failed'} | {kind: 'results', query: string, results: Suggestion[]}} Outcome */

export function Search() {
  const [query, setQuery] = useState('');
  const [outcome, setOutcome] = useState(/** @type {Outcome | null} */ (null));
  const [chosen, setChosen] = useState(0);
  const field = useRef(/** @type {HTMLInputElement | null} */ (null));
  const wanted = query.trim();

  useEffect(() => {
    if (!wanted) {
      setOutcome(null);
      return undefined;
    }
    setOutcome((before) => before ?? { kind: 'searching' });
    const stop = new AbortController();
    const timer = setTimeout(async () => {
      try {
        const { results } = await search(wanted, stop.signal);
        setOutcome({ kind: 'results', query: wanted, results });
        setChosen(0);
      } catch {
        if (!stop.signal.aborted) setOutcome({ kind: 'failed' });
      }
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [wanted]);

  useEffect(() => document.getElementById(`result-${chosen}`)?.scrollIntoView({ block: 'nearest' }), [chosen]);

  const results = outcome?.kind === 'results' ? outcome.results : [];
  const close = () => setQuery('');
  /** @param {Suggestion} result */
  const open = (result) => {
    openFound(result);
    close();
    field.current?.blur();
  };
  /** @param {KeyboardEvent} event */
  const pressed = (event) => {
    // While a Korean syllable is being typed an arrow ends it and comes again; Enter comes once and means 'open'.
    const step = event.isComposing ? 0 : { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && results.length) setChosen((chosen + step + results.length) % results.length);
    else if (event.key === 'Enter' && results[chosen]) open(results[chosen]);
    else if (event.key === 'Escape') {
      close();
      field.current?.blur();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return html`
    <div class="search" role="search">
      <input id="search" ref=${field} type="text" role="combobox" autocomplete="off" spellcheck=${false} enterkeyhint="search"
        aria-label=${say('search.label')} aria-expanded=${outcome !== null} aria-controls="results" aria-autocomplete="list"
        aria-activedescendant=${results.length ? `result-${chosen}` : undefined}
        placeholder=${say('search.hint')} value=${query}
        onInput=${(/** @type {InputEvent} */ event) => setQuery(/** @type {HTMLInputElement} */ (event.target).value)}
        onKeyDown=${pressed} onBlur=${close} />
      ${!query && html`<${Key}>/<//>`}
      ${outcome && html`
        <div class="results" onMouseDown=${(/** @type {MouseEvent} */ event) => event.preventDefault()}>
          <ul id="results" role="listbox" aria-label=${say('search.label')}>
            ${results.map((result, i) => html`
              <li id=${`result-${i}`} key=${result.id} role="option" aria-selected=${i === chosen}
                onClick=${() => open(result)}>
                <b>${result.title}</b><span class="number">${grouped(result.phone)}</span>
                <small>${[result.category.split('>').join(' › '), result.department].filter(Boolean).join(' · ')}</small>
              </li>`)}
          </ul>
          <p class="soft" role="status">${summary(outcome)}</p>
        </div>`}
    </div>`;
}

/** @param {Outcome} outcome */
function summary(outcome) {
  if (outcome.kind === 'searching') return say('search.searching');
  if (outcome.kind === 'failed') return say('search.failed');
  if (outcome.results.length) return say('search.count', { count: outcome.results.length });
  return html`<b>${say('search.none', { query: outcome.query })}</b> ${say('search.none_next')}`;
}
