// Which view, in what order, what is searched for.
import { Key, html } from '../view.js';
import { typed } from '../office/page.js';
import { say } from '../office/words.js';
import { alerts, calls, written } from './picture.js';
import { absent, callSort, counts, grouped, held, search, sort, stage, view } from './view.js';

/** @type {import('./view.js').View[]} */
export const VIEWS = ['grid', 'list', 'calls', 'written'];
/** @type {import('./order.js').AgentSort[]} */
export const SORTS = ['name', 'state', 'time'];
/** @type {import('./order.js').CallSort[]} */
export const CALL_SORTS = ['time', 'stage', 'agent'];
const STAGES = ['', 'queued', 'ringing', 'talking', 'menu'];

export function Tools() {
  const now = view.value;
  /** @type {Record<string, number>} */
  const sizes = { calls: Object.keys(calls.value).length, written: Object.keys(written.value).length };
  return html`
    <div class="tools">
      <nav class="views" aria-label=${say('view.label')}>
        ${VIEWS.map((name, place) => html`
          <button key=${name} aria-pressed=${now === name} onClick=${() => { view.value = name; }}>
            ${say(`view.${name}`)}${name in sizes && html` <b>${sizes[name]}</b>`} <${Key}>${place + 1}<//>
          </button>`)}
      </nav>
      <label class="find"><span class="heard-out">${say('tools.search')}</span>
        <input id="search" type="search" autocomplete="off" placeholder=${say('tools.search')} value=${search.value}
          onInput=${(/** @type {Event} */ event) => { search.value = typed(event); }} /><${Key}>/<//></label>
      ${(now === 'grid' || now === 'list') && html`
        <button aria-pressed=${grouped.value} onClick=${() => { grouped.value = !grouped.value; }}>${say('tools.group')} <${Key}>G<//></button>
        <label class="choice">${say('tools.sort')} <select value=${sort.value} onChange=${(/** @type {Event} */ event) => { sort.value = /** @type {any} */ (typed(event)); }}>
          ${SORTS.map((name) => html`<option key=${name} value=${name}>${say(`sort.${name}`)}</option>`)}</select> <${Key}>S<//></label>
        <button class="wide-only" aria-pressed=${absent.value} onClick=${() => { absent.value = !absent.value; }}>${say('tools.absent')} <b>${counts.value.absent}</b></button>`}
      ${now === 'calls' && html`
        <label class="choice">${say('tools.stage')} <select value=${stage.value} onChange=${(/** @type {Event} */ event) => { stage.value = typed(event); }}>
          ${STAGES.map((name) => html`<option key=${name} value=${name}>${say(name ? `stage.${name}` : 'tools.all')}</option>`)}</select></label>
        <label class="choice">${say('tools.sort')} <select value=${callSort.value} onChange=${(/** @type {Event} */ event) => { callSort.value = /** @type {any} */ (typed(event)); }}>
          ${CALL_SORTS.map((name) => html`<option key=${name} value=${name}>${say(`sort.call.${name}`)}</option>`)}</select> <${Key}>S<//></label>`}
      <span class="held" role="status">${held.value && say('tools.held')}</span>
      <span class="heard-out" role="status">${say('tools.alerts', { count: Object.keys(alerts.value).length })}</span>
    </div>`;
}
