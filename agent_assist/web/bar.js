// The call's buttons, always in the same place.
import { clock } from './format.js';
import { armedStep } from './alerts.js';
import { openOne } from './cards.js';
import { armed, call, canHangUp, choose, live, mine, notice, pressHangUp, readyKey, wrapUpLeft } from './house.js';
import { letters } from './keys.js';
import { say } from './messages.js';
import { openTransfer, toggleRecord } from './panel.js';
import { undoKept, undoableRecord } from './records_kept.js';
import { RecordingKey } from './recording.js';
import { canPassOn, inTalk, onHold, toggleHold } from './transfer.js';
import { Key, html } from './view.js';

export function Bar() {
  const next = readyKey();
  const wrapUp = mine.value.state === 'wrap_up';
  const listens = live.value !== null && live.value.facts.value.way !== 'bridge';
  const word = wrapUp ? 'bar.wrap_up_done' : next === 'ready' ? 'bar.go_ready' : 'bar.go_away';
  return html`
    <footer class="bar" aria-label=${say('bar.label')}>
      <button class=${next === 'ready' ? 'main' : ''} disabled=${!next} onClick=${() => next && choose(next)}>
        ${say(word)} <${Key}>F9<//>
      </button>
      ${wrapUp && html`<button onClick=${() => choose('wrap_up')}>${say('bar.wrap_up_more')} <${Key}>U<//></button>`}
      ${wrapUp && call.value && html`<button onClick=${toggleRecord}>${say('record.heading')} <${Key}>D<//></button>`}
      ${undoableRecord.value && html`<button onClick=${undoKept}>${say('record.undo')} <${Key}>Z<//></button>`}
      ${wrapUpLeft.value !== null && html`<p class="soft">${say('bar.wrap_up_left', { time: clock(wrapUpLeft.value) })}</p>`}
      <p class="notice" role="status">${armed.value ? say('bar.hang_up_armed') : armedStep.value ? say('alert.armed') : notice}</p>
      ${!armed.value && !armedStep.value && !notice.value && html`<${Hints} />`}
      ${listens && html`<p class="by-exchange">${say('call.by_exchange')}</p>`}
      <${RecordingKey} />
      ${inTalk.value && html`
        <button class=${onHold.value ? 'held' : ''} aria-pressed=${onHold.value} disabled=${!canPassOn.value} onClick=${toggleHold}>${say(onHold.value ? 'bar.resume' : 'bar.hold')} <${Key}>M<//></button>
        <button disabled=${!canPassOn.value} onClick=${() => openTransfer(openOne())}>${say('transfer.pass_on')} <${Key}>T<//></button>`}
      ${!listens && html`<button class=${`hang-up${armed.value ? ' armed' : ''}`} disabled=${!canHangUp.value} onClick=${pressHangUp}>
        ${say(armed.value ? 'bar.hang_up_again' : 'bar.hang_up')} <${Key}>F10<//>
      </button>`}
    </footer>`;
}

/** The keys that are of use now. */
function Hints() {
  if (!letters.value) return null;
  const [first] = (mine.value.state === 'talking' && call.value?.cards.value.shown) || [];
  /** @type {[string, string][]} */
  const hints = [
    ...(first ? /** @type {[string, string][]} */ ([['1 2 3', 'bar.hint_cards'], ['A', 'bar.hint_accept'], ['C', 'bar.hint_copy']]) : []),
    ['/', 'bar.hint_search'], ['H', 'bar.hint_history'], ['?', 'bar.hint_help'],
  ];
  return html`<p class="hints" aria-hidden="true">${hints.map(([key, word]) => html`<span key=${key}><${Key}>${key}<//> ${say(word)}</span>`)}</p>`;
}
