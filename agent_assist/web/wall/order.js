// In what order lines stand, and that they stand still while somebody aims at one. Nothing here knows the page.

/**
 * What is shown, of what was shown and what is wanted now. While held, every line keeps its place: new ones come below,
 * those that are over stay as they were until the hand is gone. Returns `shown` itself where nothing changes.
 * @param {readonly string[]} shown
 * @param {readonly string[]} wanted
 * @param {boolean} held
 * @returns {readonly string[]}
 */
export function stand(shown, wanted, held) {
  const next = held ? [...shown, ...wanted.filter((id) => !shown.includes(id))] : wanted;
  return next.length === shown.length && next.every((id, place) => id === shown[place]) ? shown : next;
}

const STATES = ['offered', 'talking', 'wrap_up', 'ready', 'away'];
const STAGES = ['queued', 'ringing', 'talking', 'menu'];

/** @typedef {'name' | 'state' | 'time'} AgentSort */
/** @typedef {'time' | 'stage' | 'agent'} CallSort */
/** @typedef {import('./types.js').AgentRow} AgentRow */
/** @typedef {import('./types.js').CallRow} CallRow */

const text = new Intl.Collator('ko');

/** @type {Record<AgentSort, (a: AgentRow, b: AgentRow) => number>} */
const BY_AGENT = {
  name: () => 0,
  state: (a, b) => STATES.indexOf(a.state ?? 'away') - STATES.indexOf(b.state ?? 'away') || since(a.since, b.since),
  time: (a, b) => since(a.since, b.since),
};
/** @type {Record<CallSort, (a: CallRow, b: CallRow) => number>} */
const BY_CALL = {
  time: (a, b) => since(a.since, b.since),
  stage: (a, b) => STAGES.indexOf(a.stage ?? 'menu') - STAGES.indexOf(b.stage ?? 'menu') || since(a.since, b.since),
  agent: (a, b) => text.compare(a.agent_name ?? '', b.agent_name ?? ''),
};

/** The longest first; moments come as ISO 8601 in UTC and compare as text. @param {string | undefined} a @param {string | undefined} b */
function since(a = '', b = '') {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Team, else department: under which heading she stands. @param {AgentRow} row */
export const groupOf = (row) => row.team || row.department || '';

/** @typedef {{state: string, search: string, absent: boolean}} AgentFilter state '' = all; absent: those who have not signed in, too */

/** Where a search looks. @param {AgentRow} row */
const agentText = (row) => `${row.name} ${row.team ?? ''} ${row.department ?? ''} ${row.extension ?? ''} ${(row.queues ?? []).join(' ')}`.toLowerCase();

/**
 * The agents to be shown, in groups.
 * @param {Record<string, AgentRow>} agents
 * @param {AgentFilter} filter
 * @param {AgentSort} sort
 * @param {boolean} grouped
 * @returns {{group: string, ids: string[]}[]}
 */
export function agentGroups(agents, filter, sort, grouped) {
  const wanted = filter.search.trim().toLowerCase();
  const ids = Object.keys(agents).filter((id) => {
    const row = agents[id];
    return (row.present || filter.absent) && (!filter.state || (row.state ?? 'away') === filter.state) && (!wanted || agentText(row).includes(wanted));
  });
  ids.sort((a, b) => BY_AGENT[sort](agents[a], agents[b]) || text.compare(agents[a].name, agents[b].name) || (a < b ? -1 : 1));
  if (!grouped) return ids.length ? [{ group: '', ids }] : [];
  /** @type {Map<string, string[]>} */
  const groups = new Map();
  for (const id of ids) groups.set(groupOf(agents[id]), [...(groups.get(groupOf(agents[id])) ?? []), id]);
  return [...groups].map(([group, members]) => ({ group, ids: members })).sort((a, b) => Number(!a.group) - Number(!b.group) || text.compare(a.group, b.group));
}

/**
 * @param {Record<string, CallRow>} calls
 * @param {string} search
 * @param {string} stage '' = all
 * @param {CallSort} sort
 */
export function callOrder(calls, search, stage, sort) {
  const wanted = search.trim().toLowerCase();
  return Object.keys(calls)
    .filter((id) => {
      const row = calls[id];
      if (stage && (row.stage ?? 'menu') !== stage) return false;
      return !wanted || `${row.agent_name ?? ''} ${row.number ?? ''} ${row.name ?? ''} ${row.topic ?? ''} ${row.category ?? ''} ${row.words ?? ''} ${row.queue ?? ''}`.toLowerCase().includes(wanted);
    })
    .sort((a, b) => BY_CALL[sort](calls[a], calls[b]) || (a < b ? -1 : 1));
}
