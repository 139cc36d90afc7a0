// The middle of the desk: the call's clock, alarms and words; without a call, what is going on and what to do next.
import { awayWord } from './away.js';
import { AlertBand } from './alert_band.js';
import { Fault, dismissReminder } from './api.js';
import { clock } from './format.js';
import { reach, setReadTyped } from './hand.js';
import { Heard } from './heard.js';
import { agent, call, choose, hotDesk, link, mine, now, readyKey, tell } from './house.js';
import { known, say } from './messages.js';
import { whyNot } from './recording.js';
import { SoundSigns } from './sound.js';
import { Spoken, Unheard } from './spoken.js';
import { Transcript } from './transcript.js';
import { TransferBand } from './transfer_band.js';
import { captioned } from './visit.js';
import { Key, html } from './view.js';

/** More would push the words away. */
const REMINDERS = 3;

export function Live() {
  const current = call.value;
  return html`
    <main class="call-column" id="live">
      <h1 class="heard-out">${say('desk.title')}</h1>
      ${current ? html`<${CallHead} call=${current} />` : null}
      ${current && html`<${TransferBand} />`}
      <${Alarms} />
      ${current && html`<${Unheard} call=${current} />`}
      ${current && html`<${AlertBand} call=${current} />`}
      ${current && html`<${Reminders} call=${current} />`}
      ${current && captioned(current.visit.value) && html`<${Captions} />`}
      ${current ? html`<${Middle} key=${current.id} call=${current} />` : html`<${Idle} />`}
    </main>`;
}

/** @param {{call: import('./call.js').Call}} props */
function CallHead({ call: current }) {
  const { started, joined, ended } = current.facts.value;
  const from = joined ?? started;
  const until = ended ? Date.parse(ended) : now.value;
  const topic = current.cards.value.shown.find(({ why }) => why !== 'alert' && why !== 'rule')?.title;
  return html`
    <header class="call-head">
      <p class="clock" role="timer" aria-label=${say('call.clock')}>${clock(from ? (until - Date.parse(from)) / 1000 : 0)}</p>
      <p class="call-state">${status(current)}</p>
      ${mine.value.state === 'wrap_up' && mine.value.reason === 'taken_over' && html`<p class="supervised" role="status">${say('idle.taken_over')}</p>`}
      ${mine.value.leaving_by && html`<p class="supervised" role="status">${say('idle.leaving', { reason: awayWord(mine.value.leaving) })}</p>`}
      ${current.supervision.value && !ended && html`<p class="supervised" role="status">${say(`supervision.${current.supervision.value}`)}</p>`}
      ${topic && html`<p class="topic">${topic}</p>`}
      <${Spoken} call=${current} />
      <${SoundSigns} call=${current} />
      <p class=${`link ${link.value}`}>${say(link.value === 'live' ? 'link.live' : 'link.connecting')}</p>
    </header>`;
}

/** @param {import('./call.js').Call} current */
function status(current) {
  const { joined, ended, reason, heldBy } = current.facts.value;
  if (ended) return `${say('call.ended')} · ${say(`end.${reason}`)}`;
  if (mine.value.state === 'offered') return say('call.ringing');
  if (heldBy) return say('call.held');
  if (joined) return say('call.talking');
  return say('call.waiting');
}

/** @param {{call: import('./call.js').Call}} props */
function Middle({ call: current }) {
  if (mine.value.state === 'offered' && !current.facts.value.joined) {
    return html`
      <div class="idle ringing" role="status"><p class="idle-title">${say('call.ringing')}</p><p>${say('call.ringing_next')}</p></div>`;
  }
  return html`<${Transcript} call=${current} live=${true} /><${Heard} call=${current} />`;
}

/** What is still to be said: one calm line each, the newest with its key. @param {{call: import('./call.js').Call}} props */
function Reminders({ call: current }) {
  const due = current.reminders.value.slice(-REMINDERS).toReversed();
  return html`
    <div class="reminders" role="status" aria-label=${say('reminder.heading')}><ul>
      ${due.map(({ rule_id: id, text }, i) => html`
        <li key=${id} data-rule=${id}><span>${text}</span>
          <button class="quiet" onClick=${() => know(current.id, id)}>${say('reminder.know')} ${i === 0 && html`<${Key}>G<//>`}</button></li>`)}
    </ul></div>`;
}

/** @param {string} callId @param {string} ruleId */
async function know(callId, ruleId) {
  try {
    await dismissReminder(callId, ruleId);
  } catch (trouble) {
    if (!(trouble instanceof Fault)) throw trouble;
    tell(say('bar.failed', { reason: trouble.message }));
  }
}

/** G: she knows the newest one. */
export function knowNewest() {
  const due = call.value?.reminders.value.at(-1);
  if (call.value && due) know(call.value.id, due.rule_id);
}

/** The band under the clock: one line each, what happened and what to do. Red is for this alone. */
function Alarms() {
  const alarms = call.value?.alarms.value ?? [];
  return html`
    <div class="alarms" role="alert">
      ${link.value === 'lost' && html`<p class="alarm"><b>${say('link.lost')}</b> ${say('link.lost_next')}</p>`}
      ${alarms.map(({ code, speaker }) => {
        const key = speaker && known(`alarm.${code}.${speaker}`) ? `alarm.${code}.${speaker}` : `alarm.${code}`;
        return html`<p class="alarm" key=${key}><b>${say(key)}</b> ${code === 'not_recorded' ? `${whyNot()} ` : ''}${say(`${key}.next`)}</p>`;
      })}
    </div>`;
}

/** The caller reads and writes: said in one line, calmly; it is no trouble. */
function Captions() {
  const on = reach.value?.read_typed ?? false;
  return html`
    <p class="captions" role="status">
      <span><b>${say('captions.on')}</b> ${say('captions.next')}</span>
      <button aria-pressed=${on} onClick=${() => setReadTyped(!on)}>${say(on ? 'captions.reading' : 'captions.read')} <${Key}>R<//></button>
    </p>`;
}

function Idle() {
  const { state, reason, by } = mine.value;
  if (link.value === 'connecting') return html`<div class="idle"><p class="idle-title">${say('link.connecting')}</p></div>`;
  const away = state === 'away';
  const next = readyKey();
  const noPhone = hotDesk.value && !agent.value.extension && !['extension_taken', 'seat_waits'].includes(reason ?? '');
  return html`
    <div class="idle">
      <p class="idle-title">${say(away ? 'idle.away' : 'idle.ready')}</p>
      ${away && reason && known(`idle.${reason}`) && html`<p class="idle-reason">${say(`idle.${reason}`)}</p>`}
      ${by && html`<p class="idle-reason">${say('idle.by', { reason: awayWord(reason) })}</p>`}
      ${noPhone && html`<p class="idle-reason">${say('idle.no_phone')}</p>`}
      <p>${say(away ? 'idle.away_next' : 'idle.ready_next')}</p>
      ${away && next && html`<button class="main" onClick=${() => choose(next)}>${say('bar.go_ready')} <${Key}>F9<//></button>`}
    </div>`;
}
