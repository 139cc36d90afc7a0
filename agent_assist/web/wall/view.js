// How the wall is looked at: which view, filter, order, who is chosen. Kept for this browser, but for the search.
import { computed, effect, signal } from '@preact/signals';
import { agentGroups, callOrder, stand } from './order.js';
import { agents, calls, written } from './picture.js';

/** @typedef {'grid' | 'list' | 'calls' | 'written'} View */
/** @typedef {{kind: 'agent' | 'call', id: string} | null} Chosen */

const KEPT = 'minwon.wall';

/** @returns {Record<string, any>} */
function kept() {
  try {
    return JSON.parse(localStorage.getItem(KEPT) ?? '{}');
  } catch {
    return {};
  }
}

const before = kept();
export const view = signal(/** @type {View} */ (before.view ?? 'grid'));
export const grouped = signal(/** @type {boolean} */ (before.grouped ?? true));
export const sort = signal(/** @type {import('./order.js').AgentSort} */ (before.sort ?? 'name'));
export const callSort = signal(/** @type {import('./order.js').CallSort} */ (before.callSort ?? 'time'));
export const absent = signal(/** @type {boolean} */ (before.absent ?? false));
export const loud = signal(/** @type {boolean} */ (before.loud ?? false));
/** Single-letter keys may be switched off (WCAG 2.1.4). */
export const letters = signal(/** @type {boolean} */ (before.letters ?? true));
export const state = signal('');
export const stage = signal('');
export const search = signal('');
export const chosen = signal(/** @type {Chosen} */ (null));
/** The pointer or the keyboard is in the list: lines keep their place. */
export const held = signal(false);

effect(() => {
  const keep = { view: view.value, grouped: grouped.value, sort: sort.value, callSort: callSort.value, absent: absent.value, loud: loud.value, letters: letters.value };
  localStorage.setItem(KEPT, JSON.stringify(keep));
});

/** Lines that keep their place while held. @param {() => readonly string[]} wanted @param {() => unknown} manner what she changes herself: then she waits for a new order */
function standing(wanted, manner) {
  let shown = /** @type {readonly string[]} */ ([]);
  let last = '';
  return computed(() => {
    const now = JSON.stringify(manner());
    shown = stand(shown, wanted(), held.value && now === last);
    last = now;
    return shown;
  });
}

/** A heading among the ids. */
export const HEADING = '\u0000';
const agentManner = () => [view.value, grouped.value, sort.value, absent.value, state.value, search.value];

/** Ids of agents, with headings of groups between them. */
export const agentLines = standing(
  () => agentGroups(agents.value, { state: state.value, search: search.value, absent: absent.value }, sort.value, grouped.value)
    .flatMap(({ group, ids }) => (grouped.value ? [HEADING + group, ...ids] : ids)),
  agentManner,
);
export const callLines = standing(() => callOrder(calls.value, search.value, stage.value, callSort.value), () => [callSort.value, stage.value, search.value]);
export const writtenLines = standing(
  () => Object.keys(written.value).sort((a, b) => {
    const [one, two] = [written.value[a], written.value[b]];
    return (one.owed_since ?? '9').localeCompare(two.owed_since ?? '9') || one.opened.localeCompare(two.opened);
  }),
  () => 0,
);

/** @param {'agent' | 'call'} kind @param {string} id */
export function choose(kind, id) {
  chosen.value = chosen.value?.kind === kind && chosen.value.id === id ? null : { kind, id };
}

/** The agent and the call that are meant by what is chosen. */
export const meant = computed(() => {
  const one = chosen.value;
  if (!one) return { agentId: '', callId: '' };
  if (one.kind === 'call') return { agentId: calls.value[one.id]?.agent ?? '', callId: calls.value[one.id] ? one.id : '' };
  const call = agents.value[one.id]?.call ?? '';
  return { agentId: agents.value[one.id] ? one.id : '', callId: calls.value[call] ? call : '' };
});

/** How many who are there are in each state. */
export const counts = computed(() => {
  /** @type {Record<string, number>} */
  const found = { ready: 0, offered: 0, talking: 0, wrap_up: 0, away: 0 };
  let absentees = 0;
  for (const one of Object.values(agents.value)) {
    if (one.present) found[one.state ?? 'away'] += 1;
    else absentees += 1;
  }
  return { states: found, absent: absentees };
});
