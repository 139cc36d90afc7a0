// What wants a supervisor: alerts of calls, alarms, troubles of the house; and what many callers speak of at once.
import { computed, effect } from '@preact/signals';
import { part, post } from '../office/ask.js';
import { act } from '../office/notice.js';
import { me } from '../office/me.js';
import { known, say } from '../office/words.js';
import { Key, html } from '../view.js';
import { play } from './chime.js';
import { agents, alerts, calls, issues, written } from './picture.js';
import { Lasting } from './time.js';
import { choose, loud, view } from './view.js';

/** @typedef {import('./types.js').AlertRow} AlertRow */

/** Danger to life first, then people, then the house. */
const WEIGHT = ['emergency', 'self_harm', 'threat', 'sexual', 'abuse', 'text_late', 'sip_lost', 'engine_down', 'worker_lost', 'no_audio', 'engine_lag', 'not_saved', 'not_recorded', 'texts_down', 'no_words', 'audio_dropped'];

/** Those of which nobody takes care first; then by weight; then the oldest. */
export const alertLines = computed(() => Object.entries(alerts.value).sort(([a, one], [b, two]) =>
  Number(Boolean(one.taken_by)) - Number(Boolean(two.taken_by)) || WEIGHT.indexOf(one.kind) - WEIGHT.indexOf(two.kind) || one.at.localeCompare(two.at) || (a < b ? -1 : 1)));
/** The one that a key takes. */
export const foremost = computed(() => alertLines.value.find(([, row]) => !row.taken_by) ?? null);
export const rising = computed(() => Object.entries(issues.value).sort(([, a], [, b]) => (b.calls ?? 0) - (a.calls ?? 0)));

/** A chime for each alert that is new, if she wants it; none for those that were there when the page came. */
export function followAlerts() {
  /** @type {Set<string> | null} */
  let before = null;
  effect(() => {
    const keys = Object.keys(alerts.value);
    const fresh = before !== null && keys.some((key) => !before?.has(key));
    before = new Set(keys);
    if (fresh && loud.peek()) play();
  });
}

/** @param {string} key @param {boolean} on */
export const take = (key, on) => act(() => post('alerts/care', { alert: key, on }));

/** Show the call or the written contact that an alert is of. @param {AlertRow} row */
export function show(row) {
  if (row.call && written.value[row.call]) {
    view.value = 'written';
    return;
  }
  if (row.call && calls.value[row.call]) choose('call', row.call);
  else if (row.agent && agents.value[row.agent]) choose('agent', row.agent);
  if (view.value === 'written') view.value = 'calls';
}

/** @param {AlertRow} row */
const what = (row) => say(`alert.${row.kind}`) + (row.detail ? ` (${row.detail})` : '');

export function Alerts() {
  const lines = alertLines.value;
  return html`
    <section class="alerts" aria-labelledby="alerts-title">
      <h2 id="alerts-title">${say('alerts.title')} <b class=${lines.length ? 'count on' : 'count'}>${lines.length}</b></h2>
      ${!lines.length && html`<p class="soft quiet-line">${say('alerts.none')}</p>`}
      <ul>${lines.map(([key, row]) => html`<${Alert} id=${key} row=${row} key=${key} first=${foremost.value?.[0] === key} />`)}</ul>
    </section>`;
}

/** @param {{id: string, row: AlertRow, first: boolean}} props */
function Alert({ id, row, first }) {
  const { call, agent_name: agent, speaker, words = [], state = 'raised', steps = [], at, over, taken_by: taken } = row;
  const mine = taken === me.value.name;
  return html`
    <li class=${taken ? 'taken' : 'open'} data-alert=${id}>
      <p class="head"><b class="what"><span aria-hidden="true">▲</span> ${what(row)}</b> <${Lasting} since=${at} />
        <span class="deeds">
          ${call && (call in written.value) && html`<a class="button small quiet" href=${`/desk#/texts/${part(call)}`}>${say('alerts.read')}</a>`}
          ${call && !over && html`<button class="small quiet" onClick=${() => show(row)}>${say('alerts.show')}${first && html` <${Key}>A<//>`}</button>`}
          ${mine && html`<button class="small quiet" onClick=${() => take(id, false)}>${say('alerts.give_back')}</button>`}
          ${!taken && html`<button class="small" onClick=${() => take(id, true)}>${say(over ? 'alerts.note' : 'alerts.take')}${first && html` <${Key}>K<//>`}</button>`}
        </span></p>
      <p class="soft">${[agent, speaker && say(`speaker.${speaker}`), over && say('alerts.over'), state === 'handling' && say('alerts.handling'), ...steps.map((step) => (known(`step.${step}`) ? say(`step.${step}`) : step)), taken && say('alerts.taken', { name: taken })].filter(Boolean).join(' · ')}
        ${words.map((word) => [' ', html`<mark>${word}</mark>`])}</p>
    </li>`;
}

export function Issues() {
  const lines = rising.value;
  return html`
    <section class="issues" aria-labelledby="issues-title">
      <h2 id="issues-title">${say('issues.title')} <b class="count">${lines.length}</b></h2>
      ${!lines.length && html`<p class="soft quiet-line">${say('issues.none')}</p>`}
      <ul>${lines.map(([id, row]) => html`
        <li key=${id} data-issue=${id}>
          <p class="head"><b>${row.terms.join(' · ')}</b> <span class="soft">${row.district || say('issues.everywhere')}</span>
            ${!row.seen_by && html`<span class="deeds"><button class="small" onClick=${() => see(id)}>${say('issues.see')}</button></span>`}</p>
          <p class="soft">${say('issues.calls', { calls: row.calls ?? 0, usual: (row.usual ?? 0).toFixed(1) })} · <${Lasting} since=${row.since} /></p>
          ${(row.quotes ?? []).slice(0, 1).map((quote) => html`<p><q>${quote}</q></p>`)}
          <p class="soft">${row.entry ? say('issues.answered', { title: row.entry }) : html`<b>${say('issues.unanswered')}</b>`}${row.seen_by && ` · ${say('issues.seen')}`}</p>
        </li>`)}</ul>
    </section>`;
}

/** Taken note of. @param {string} id */
export const see = (id) => act(() => post(`issues/${part(id)}/seen`));
