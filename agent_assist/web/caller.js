// Who calls, what the call has gone through, and when this number called before.
import { useEffect, useState } from 'preact/hooks';
import { calls } from './api.js';
import { callerWord } from './caller_word.js';
import { clock, grouped, isToday, shortDate, timeOfDay } from './format.js';
import { call } from './house.js';
import { language, say } from './messages.js';
import { Person } from './person.js';
import { nameOf } from './spoken.js';
import { wording as transferWord } from './transfer_band.js';
import { Given, Visible } from './visible.js';
import { Empty, html } from './view.js';

const EARLIER = 5;

export function CallerColumn() {
  const current = call.value;
  return html`
    <section class=${`caller-column${current ? ' with-call' : ''}`} aria-label=${say('caller.heading')}>
      ${current ? html`<${Caller} key=${current.id} call=${current} />` : html`
        <h2>${say('caller.heading')}</h2>
        <${Empty} title=${say('caller.none')}>${say('caller.none_next')}<//>
        <h2>${say('caller.recent')}</h2>
        <${Earlier} filter=${{ mine: '1' }} none=${say('caller.recent_none')} showNumber=${true} />`}
    </section>`;
}

/**
 * Who calls and where the caller is stands still; what the caller gives, and what was before, scroll each by itself.
 * @param {{call: import('./call.js').Call}} props
 */
function Caller({ call: current }) {
  const { caller, called } = current.facts.value;
  if (!caller) return html`<h2>${say('caller.heading')}</h2>`;
  const number = caller.anonymous ? '' : caller.number;
  const visit = current.visit.value;
  return html`
    <div class="pane">
      <h2>${say('caller.heading')}</h2>
      <p class="caller-number">${callerWord(caller)}</p>
      <p class="soft">${[!caller.anonymous && caller.name, called && say('caller.called', { number: grouped(called) })].filter(Boolean).join(' · ')}</p>
      <${Visible} visit=${visit} live=${true} />
    </div>
    <div class="pane person-pane" tabindex="0" role="group" aria-label=${say('caller.earlier')}>
      <h2>${say('caller.earlier')}</h2>
      ${number
        ? html`<${Person} key=${current.id} contactId=${current.id} />`
        : html`<p class="soft">${say('caller.earlier_anonymous')}</p>`}
    </div>
    <div class="pane grows" tabindex="0" role="group" aria-label=${say('visit.given')}><${Given} visit=${visit} live=${true} places=${current.places.value} /></div>
    <div class="pane before" tabindex="0" role="group" aria-label=${say('path.heading')}>
      <h2>${say('path.heading')}</h2>
      <${Path} events=${current.path.value} />
    </div>`;
}

/** @param {{events: import('./types.js').CallEvent[]}} props */
export function Path({ events }) {
  const steps = together(events);
  return html`
    <ol class="path">
      ${steps.map((step, i) => html`
        <li key=${step.seq} class=${i === steps.length - 1 ? 'last' : ''}><span>${step.text}</span><time>${timeOfDay(step.at)}</time></li>`)}
    </ol>`;
}

/**
 * One line an event; keys pressed one after the other share one.
 * @param {import('./types.js').CallEvent[]} events
 */
function together(events) {
  /** @type {{seq: number, at: string, text: string}[]} */
  const steps = [];
  let digits = '';
  for (const event of events) {
    const joins = event.type === 'KeyPressed' && digits !== '';
    digits = event.type === 'KeyPressed' ? digits + event.digit : '';
    const step = { seq: event.seq, at: event.at, text: wording(event, digits) };
    if (joins) steps[steps.length - 1] = { ...step, seq: steps[steps.length - 1].seq };
    else steps.push(step);
  }
  return steps;
}

/**
 * @param {import('./types.js').CallEvent} event
 * @param {string} digits
 */
function wording(event, digits) {
  switch (event.type) {
    case 'CallQueued': {
      const place = say('path.CallQueued', { position: event.position });
      return event.expect_s > 0 ? `${place} · ${say('queue.expected', { time: clock(event.expect_s) })}` : place;
    }
    case 'AgentOffered':
    case 'CallJoined': return say(`path.${event.type}`, { name: event.agent_name });
    case 'AgentMissed': return say(event.reason === 'no_answer' ? 'path.AgentMissed' : `path.AgentMissed.${event.reason}`);
    case 'CallAdopted': return say('path.CallAdopted', { seconds: Math.round(event.missing_s) });
    case 'CallHeld': return say(`path.CallHeld.${event.by}`);
    case 'KeyPressed': return say('path.KeyPressed', { digits });
    case 'TransferChanged': return transferWord(event);
    case 'LanguageChanged': return say(`path.LanguageChanged.${event.by}`, { language: nameOf(event.language) });
    case 'SupervisionChanged': return say(`path.SupervisionChanged.${event.mode ?? 'left'}`);
    case 'CallEnded': return `${say('path.CallEnded')} · ${say(`end.${event.reason}`)}`;
    default: return say(`path.${event.type}`);
  }
}

/**
 * Earlier calls, newest first.
 * @param {{filter: Record<string, string>, without?: string, none: string, showNumber?: boolean}} props
 */
function Earlier({ filter, without, none, showNumber }) {
  const [list, setList] = useState(/** @type {import('./types.js').CallSummary[] | null | 'failed'} */ (null));
  useEffect(() => {
    let gone = false;
    calls({ ...filter, limit: String(EARLIER + 1) }).then(
      (answer) => gone || setList(answer.calls.filter(({ call_id }) => call_id !== without).slice(0, EARLIER)),
      () => gone || setList('failed'));
    return () => { gone = true; };
  }, []);
  if (list === null) return html`<p class="soft">${say('history.loading')}</p>`;
  if (list === 'failed') return html`<p class="soft">${say('caller.earlier_failed')}</p>`;
  if (!list.length) return html`<p class="soft">${none}</p>`;
  return html`
    <ul class="earlier">
      ${list.map((one) => html`
        <li key=${one.call_id}><a href=${`#/calls/${encodeURIComponent(one.call_id)}`}>
          <b>${one.topic || say('history.no_topic')}</b>
          <span class="soft">${isToday(one.started) ? timeOfDay(one.started) : shortDate(one.started, language.value)}${' · '}${showNumber ? callerWord(one.caller) : one.agent_name || say(`end.${one.reason}`)}</span>
        </a></li>`)}
    </ul>`;
}
