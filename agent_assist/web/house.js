// What the page knows of the house: who I am, my state, the queue, the call on my desk. One place, signals only.
import { batch, computed, signal } from '@preact/signals';
import { Fault, hangUp, setState, signIn } from './api.js';
import { Call } from './call.js';
import { loadWatch, takeAlert, takeIssue } from './issues.js';
import { connect } from './link.js';
import { say } from './messages.js';
import { notes, takeNote } from './notes.js';
import { countWaiting, waiting } from './records_kept.js';
import { loadWritten, takeWritten } from './written.js';

/** @typedef {import('./types.js').AgentState} AgentState */

export const link = signal(/** @type {'connecting' | 'live' | 'lost'} */ ('connecting'));
export const agent = signal({ id: '', name: '', extension: '', roles: /** @type {string[]} */ (['agent']) });

/** Whether she has one of these roles; an administrator has all. @param {string[]} roles */
export const may = (...roles) => agent.value.roles.some((role) => role === 'admin' || roles.includes(role));

/** Why one may be away here; empty = nobody asks. */
export const awayReasons = signal(/** @type {string[]} */ ([]));
/** Whether agents choose the telephone at which they sit. */
export const hotDesk = signal(false);
/** When calls are recorded here. */
export const recordingRule = signal({ start: /** @type {'off' | 'always' | 'consent' | 'agent'} */ ('off'), pause: false });
/** What callers may speak, the usual one first; empty = nothing to choose. @type {import('@preact/signals').Signal<import('./types.js').Spoken[]>} */
export const languages = signal([]);
export const centre = signal('');
export const queue = signal({ waiting: 0, longest_since: /** @type {string | null} */ (null), expect_s: /** @type {number | undefined} */ (0) });
export const mine = signal({ state: /** @type {AgentState} */ ('away'), since: '', reason: '', by: '', leaving: '', leaving_by: '' });
/** The call that she is busy with. @type {import('@preact/signals').Signal<import('./call.js').Call | null>} */
export const live = signal(null);
/** The written contact that is open before her. @type {import('@preact/signals').Signal<import('./call.js').Call | null>} */
export const writtenCall = signal(null);
/** The contact on her desk: what cards, texts and alerts belong to. */
export const call = computed(() => writtenCall.value ?? live.value);
/** One sentence for the agent: what went wrong, or was done. */
export const notice = signal('');
const NOTICE_MS = 8000;
/** @type {number | undefined} */
let forgetting;

/** @param {string} text */
export function tell(text) {
  clearTimeout(forgetting);
  notice.value = text;
  forgetting = setTimeout(() => { notice.value = ''; }, NOTICE_MS);
}

/** The server's clock minus ours, in ms. */
let skew = 0;
const wrapUp = signal(0);
/** The server's time, once a second. */
export const now = signal(Date.now());

/** Seconds that the state has lasted. */
export const lasted = computed(() => (mine.value.since ? (now.value - Date.parse(mine.value.since)) / 1000 : 0));
/** Seconds of wrap-up left, null when it does not end by itself. */
export const wrapUpLeft = computed(() =>
  mine.value.state === 'wrap_up' && mine.value.reason !== 'passing_on' && wrapUp.value ? Math.ceil(Math.min(wrapUp.value, Math.max(0, wrapUp.value - lasted.value))) : null);

/** @param {import('./types.js').Message} message */
function take(message) {
  switch (message.type) {
    case 'Hello':
      batch(() => {
        skew = Date.parse(message.now) - Date.now();
        now.value = Date.now() + skew;
        agent.value = message.agent;
        centre.value = message.centre;
        hotDesk.value = message.hot_desk ?? false;
        languages.value = message.languages ?? [];
        recordingRule.value = message.recording ?? recordingRule.value;
        awayReasons.value = message.away_reasons ?? [];
        notes.value = message.notes ?? [];
        wrapUp.value = message.wrap_up_s;
        queue.value = { expect_s: 0, ...message.queue };
        follow(message.state);
      });
      if (may('supervisor')) loadWatch();
      loadWritten();
      countWaiting();
      return;
    case 'Still':
      return;
    case 'AgentStateChanged':
      return batch(() => follow(message));
    case 'QueueChanged':
      queue.value = { expect_s: 0, ...message };
      return;
    case 'NoteSent':
      return takeNote(message);
    case 'IssueChanged':
      return takeIssue(message);
    case 'RecordsToConfirm':
      waiting.value = message.count;
      return;
    case 'WrittenChanged':
      return takeWritten(message);
    case 'History':
      if (message.call_id !== live.value?.id) return;
      if (message.after === 0 && live.value.last > 0) live.value = new Call(message.call_id);
      return live.value.catchUp(message.events);
    default:
      if (message.type === 'AlertChanged' && may('supervisor')) takeAlert(message);
      if (message.call_id === live.value?.id) live.value.take(message);
  }
}

/** @param {import('./types.js').AgentStateChanged} state */
function follow(state) {
  mine.value = { ...state, by: state.by ?? '', leaving: state.leaving ?? '', leaving_by: state.leaving_by ?? '' };
  if (state.extension !== undefined && state.extension !== agent.value.extension) agent.value = { ...agent.value, extension: state.extension };
  notice.value = '';
  if (!state.busy_call) live.value = null;
  else if (state.busy_call !== live.value?.id) live.value = new Call(state.busy_call);
}

/** Do it; why not, in a line of the bar. @param {() => Promise<unknown>} deed */
export async function attempt(deed) {
  try {
    await deed();
  } catch (trouble) {
    if (!(trouble instanceof Fault)) throw trouble;
    tell(say('bar.failed', { reason: trouble.message }));
  }
}

/** @param {'ready' | 'away' | 'wrap_up'} state @param {string} [reason] why she is away */
export const choose = (state, reason) => attempt(() => setState(state, reason));

/** What the ready key means now, '' when nothing. @returns {'ready' | 'away' | ''} */
export function readyKey() {
  const { state } = mine.value;
  if (state === 'ready') return 'away';
  return state === 'away' || state === 'wrap_up' ? 'ready' : '';
}

/** Whether there is a call that can be ended. */
export const canHangUp = computed(() =>
  mine.value.state === 'talking' && live.value !== null && live.value.facts.value.way === 'bridge' && !live.value.facts.value.ended);

const ARMED_MS = 4000;
/** The first press arms, the second ends the call: no dialog over the words, no call lost by a slip. */
export const armed = signal(false);
/** @type {number | undefined} */
let disarming;

export function disarm() {
  clearTimeout(disarming);
  armed.value = false;
}

export function pressHangUp() {
  const current = live.value;
  if (!canHangUp.value || !current) return;
  if (armed.value) {
    disarm();
    attempt(() => hangUp(current.id));
    return;
  }
  armed.value = true;
  disarming = setTimeout(disarm, ARMED_MS);
}

/** Begin: connect and let the clock tick. */
export function begin() {
  connect({
    address: () => `/desk/ws?${new URLSearchParams({ call: live.value?.id ?? '', after: String(live.value?.last ?? 0) })}`,
    first: 'Hello',
    take,
    status: (status) => { link.value = status; },
    signedOut: signIn,
  });
  setInterval(() => { now.value = Date.now() + skew; }, 1000);
}
