// What the page knows of the house: who I am, my state, the queue, the call on my desk. One place, signals only.
import { computed, signal } from '@preact/signals';
import { Fault, hangUp, setState } from './api.js';
import { say } from './messages.js';

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

/** Seconds that a wrap-up lasts, 0 = until she ends it. */
export const wrapUp = signal(0);
/** The server's time, once a second. */
export const now = signal(Date.now());

/** Seconds that the state has lasted. */
export const lasted = computed(() => (mine.value.since ? (now.value - Date.parse(mine.value.since)) / 1000 : 0));
/** Seconds of wrap-up left, null when it does not end by itself. */
export const wrapUpLeft = computed(() =>
  mine.value.state === 'wrap_up' && mine.value.reason !== 'passing_on' && wrapUp.value ? Math.ceil(Math.min(wrapUp.value, Math.max(0, wrapUp.value - lasted.value))) : null);

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
