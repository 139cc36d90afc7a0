// Past calls: a list to the left, what was said to the right.
import { useEffect, useState } from 'preact/hooks';
import { calls, pastCall } from './api.js';
import { Call } from './call.js';
import { Path } from './caller.js';
import { callerWord } from './caller_word.js';
import { OpenCard } from './cards.js';
import { Draft } from './draft.js';
import { clock, isToday, shortDate, timeOfDay } from './format.js';
import { HeardList } from './heard.js';
import { language, say } from './messages.js';
import { Places } from './places.js';
import { PastSound } from './sound.js';
import { nameOf } from './spoken.js';
import { Transcript } from './transcript.js';
import { Given, Visible } from './visible.js';
import { Empty, html } from './view.js';

/** @typedef {import('./types.js').CallSummary} CallSummary */
/** @typedef {{calls: CallSummary[], more: boolean} | null | 'failed'} List */

/** @param {{callId: string}} props '' = none open */
export function History({ callId }) {
  const [mine, setMine] = useState(true);
  const [list, setList] = useState(/** @type {List} */ (null));
  const load = async (/** @type {CallSummary[]} */ before) => {
    const last = before.at(-1);
    try {
      const answer = await calls({ ...(mine && { mine: '1' }), ...(last && { before: last.started }) });
      setList({ calls: [...before, ...answer.calls], more: answer.more });
    } catch {
      setList('failed');
    }
  };
  useEffect(() => {
    setList(null);
    load([]);
  }, [mine]);

  return html`
    <${Places} here="calls" />
    <main class="history" id="live">
      <section class="list" aria-label=${say('history.heading')}>
        <header>
          <h1>${say('history.heading')}</h1>
          <div class="state" role="group" aria-label=${say('history.filter')}>
            <button class=${mine ? 'on' : ''} aria-pressed=${mine} onClick=${() => setMine(true)}>${say('history.mine')}</button>
            <button class=${mine ? '' : 'on'} aria-pressed=${!mine} onClick=${() => setMine(false)}>${say('history.all')}</button>
          </div>
        </header>
        ${list === null && html`<p class="soft">${say('history.loading')}</p>`}
        ${list === 'failed' && html`<${Empty} title=${say('history.failed')}><button onClick=${() => load([])}>${say('history.retry')}</button><//>`}
        ${list && list !== 'failed' && html`<${Calls} list=${list} callId=${callId} mine=${mine} onMore=${() => load(list.calls)} />`}
      </section>
      ${callId ? html`<${Past} key=${callId} callId=${callId} />` : html`<section class="past"><${Empty} title=${say('history.pick')} /></section>`}
    </main>`;
}

/** @param {{list: {calls: CallSummary[], more: boolean}, callId: string, mine: boolean, onMore: () => void}} props */
function Calls({ list, callId, mine, onMore }) {
  if (!list.calls.length) return html`<${Empty} title=${say('history.none')}>${say('history.none_next')}<//>`;
  return html`
    <ul class="calls" onKeyDown=${walk}>
      ${list.calls.map((call) => html`
        <li key=${call.call_id}>
          <a href=${`#/calls/${encodeURIComponent(call.call_id)}`} aria-current=${call.call_id === callId}>
            <time>${isToday(call.started) ? '' : `${shortDate(call.started, language.value)} `}${timeOfDay(call.started)}</time>
            <b class="number">${callerWord(call.caller)}</b>
            <span class="length">${call.joined && call.ended ? clock((Date.parse(call.ended) - Date.parse(call.joined)) / 1000) : ''}</span>
            <span class="about">${call.topic || say('history.no_topic')}</span>
            <span class="soft result">${[!mine && call.agent_name, say(`end.${call.reason}`)].filter(Boolean).join(' · ')}</span>
          </a>
        </li>`)}
    </ul>
    ${list.more && html`<button class="more" onClick=${onMore}>${say('history.more')}</button>`}`;
}

/**
 * Arrow keys walk the list.
 * @param {KeyboardEvent} event
 */
export function walk(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const list = /** @type {HTMLElement} */ (event.currentTarget);
  const links = [...list.querySelectorAll('a')];
  const next = step && links[links.indexOf(/** @type {HTMLAnchorElement} */ (document.activeElement)) + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

/** @param {{callId: string}} props */
function Past({ callId }) {
  const [past, setPast] = useState(/** @type {{summary: CallSummary, call: Call} | null | string} */ (null));
  useEffect(() => {
    let gone = false;
    pastCall(callId).then(
      (answer) => {
        const call = new Call(callId);
        call.catchUp(answer.events);
        if (!gone) setPast({ summary: answer.call, call });
      },
      (trouble) => gone || setPast(trouble.code === 'no_call' ? say('history.gone') : trouble.message));
    return () => { gone = true; };
  }, [callId]);
  if (past === null) return html`<section class="past"><p class="soft">${say('history.loading')}</p></section>`;
  if (typeof past === 'string') return html`<section class="past"><${Empty} title=${past} /></section>`;
  const { summary, call } = past;
  const { ended, reason, talk_s: talk } = call.facts.value;
  const topics = call.topics.value;
  const spoken = call.language.value;
  return html`
    <section class="past">
      <header class="call-head">
        <p class="caller-number">${callerWord(summary.caller)}</p>
        <p class="call-state">${shortDate(summary.started, language.value)} ${timeOfDay(summary.started)}${talk ? ` · ${clock(talk)}` : ''} · ${say(`end.${ended ? reason : ''}`)}${summary.agent_name && ` · ${summary.agent_name}`}</p>
        ${spoken && html`<p class=${`spoken-sign${spoken.heard ? '' : ' unheard'}`} title=${say('language.sign', { language: nameOf(spoken.language) })}><span lang=${spoken.language}>${nameOf(spoken.language)}</span>${!spoken.heard && html` <small>${say('language.no_words')}</small>`}</p>`}
      </header>
      <div class="past-body">
        <${Transcript} call=${call} live=${false} />
        <aside>
          <p><a href=${`/records#/contacts/${encodeURIComponent(call.id)}`} target="_blank">${say('record.open')}</a></p>
          ${call.draft.value && html`<h2>${say('draft.heading')}</h2><${Draft} draft=${call.draft.value} />`}
          ${call.alerts.value.length > 0 && html`
            <h2>${say('alert.in_call')}</h2>
            <ul class="past-alerts">${call.alerts.value.map((alert) => html`
              <li key=${alert.alert_id}><b>${say(`alert.kind.${alert.kind}`)}</b> ${alert.words.join(' · ')}
                <span class="soft">${[say(`alert.state.${alert.state}`), ...alert.steps.map((step) => say(`alert.step.${step}`)), alert.reason].filter(Boolean).join(' · ')}</span></li>`)}
            </ul>`}
          ${!call.draft.value && call.chips.value.length > 0 && html`<h2>${say('chips.heading')}</h2><${HeardList} values=${call.chips.value.toReversed()} />`}
          ${call.visit.value.state && html`<${Visible} visit=${call.visit.value} live=${false} />`}
          <${Given} visit=${call.visit.value} live=${false} />
          <${PastSound} call=${call} />
          <h2>${say('path.heading')}</h2>
          <${Path} events=${call.path.value} />
          <h2>${say('cards.shown_in_call')}</h2>
          ${topics.length ? topics.map((card) => html`<${Topic} key=${card.id} card=${card} />`) : html`<p class="soft">${say('history.no_topic')}</p>`}
        </aside>
      </div>
    </section>`;
}

/** @param {{card: import('./types.js').Suggestion}} props */
function Topic({ card }) {
  const [open, setOpen] = useState(false);
  if (open) return html`<${OpenCard} card=${card} mark="" onClose=${() => setOpen(false)} closeWord=${say('help.close')} />`;
  return html`
    <button class="card closed" onClick=${() => setOpen(true)}>
      <span class="card-title">${card.title}</span><span class="why">${card.words.join(' · ') || card.department}</span>
    </button>`;
}
