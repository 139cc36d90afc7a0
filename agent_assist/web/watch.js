// '#/issues': the radar's list and the alerts of running calls, for supervisors.
import { useEffect } from 'preact/hooks';
import { Fault, seeIssue } from './api.js';
import { openFound } from './cards.js';
import { clock, isToday, shortDate, timeOfDay } from './format.js';
import { now, tell } from './house.js';
import { agents, alerts, failed, issues, loadWatch } from './issues.js';
import { holderOf } from './written.js';
import { language, say } from './messages.js';
import { Places } from './places.js';
import { Empty, html } from './view.js';

/** @typedef {import('./types.js').IssueChanged} IssueChanged */
/** @typedef {import('./types.js').AlertChanged} AlertChanged */

export function Watch() {
  useEffect(() => { loadWatch(); }, []);
  const list = issues.value;
  return html`
    <${Places} here="issues" />
    <main class="sheet watch" id="live">
      <header><h1>${say('issue.heading')}</h1></header>
      ${failed.value && html`<${Empty} title=${say('issue.failed')}><button onClick=${loadWatch}>${say('history.retry')}</button><//>`}
      <h2>${say('issue.alerts')}</h2>
      ${alerts.value.length ? html`
        <ul class="rows live-alerts">${alerts.value.map((alert) => html`<${AlertRow} key=${`${alert.call_id} ${alert.alert_id}`} alert=${alert} />`)}</ul>`
        : html`<p class="soft">${say('issue.no_alerts')}</p>`}
      <h2>${say('issue.list')}</h2>
      ${list.length ? html`<ul class="rows issues">${list.map((issue) => html`<${IssueRow} key=${issue.issue_id} issue=${issue} />`)}</ul>`
        : html`<${Empty} title=${say('issue.none')}>${say('issue.none_next')}<//>`}
    </main>`;
}

/** @param {{alert: AlertChanged}} props */
function AlertRow({ alert }) {
  const { call_id: call, kind, words, at, state, steps } = alert;
  const isWritten = /^(text|chat)-/.test(call);
  const who = isWritten ? holderOf(call) : agents.value.get(call);
  return html`
    <li data-call=${call}>
      <p class="when"><time>${timeOfDay(at)}</time><span class="soft">${say('issue.ago', { time: clock((now.value - Date.parse(at)) / 1000) })}</span></p>
      <p class="whom"><b>${who || say(isWritten ? 'threads.state.waiting' : 'issue.some_agent')}</b></p>
      <p class="text"><b class="alert-word">${say(`alert.kind.${kind}`)}</b> ${words.map((word, i) => [i > 0 && ' · ', html`<mark>${word}</mark>`])}</p>
      <p class="how"><b>${say(`alert.state.${state}`)}</b>${steps.length > 0 && html`<span>${steps.map((step) => say(`alert.step.${step}`)).join(' → ')}</span>`}
        <a href=${`#/${isWritten ? 'texts' : 'calls'}/${encodeURIComponent(call)}`}>${say(isWritten ? 'issue.open_text' : 'issue.open_call')}</a></p>
    </li>`;
}

/** @param {{issue: IssueChanged}} props */
function IssueRow({ issue }) {
  const { issue_id: id, terms, district, calls, usual, since, quotes, entry_id: entry, entry_title: title, state } = issue;
  const see = async () => {
    try {
      await seeIssue(id);
    } catch (trouble) {
      if (!(trouble instanceof Fault)) throw trouble;
      tell(trouble.message);
    }
  };
  const card = { id: entry, title, score: 1, words: [], category: '', department: '', person: '', deputy: '', phone: '' };
  return html`
    <li class=${state} data-issue=${id}>
      <p class="when"><time>${isToday(since) ? '' : `${shortDate(since, language.value)} `}${timeOfDay(since)}</time><span class="soft">${district || say('issue.everywhere')}</span></p>
      <p class="whom"><b>${terms.join(' · ')}</b><span class="soft">${say('issue.calls', { calls, usual: usual.toFixed(1) })}</span></p>
      <div class="text">
        ${quotes.map((quote) => html`<q key=${quote}>${quote}</q>`)}
        ${entry ? html`<p>${say('issue.answered')} <button class="quiet" onClick=${() => openFound(card)}>${title}</button></p>` : html`<p class="no-answer">${say('issue.unanswered')}</p>`}
      </div>
      <p class="how"><b>${say(`issue.state.${state}`)}</b>${state === 'rising' && html`<button onClick=${see}>${say('issue.see')}</button>`}</p>
    </li>`;
}
