// For supervisors: what many callers speak of at once, and open alerts of all calls.
import { computed, signal } from '@preact/signals';
import { calls, issues as loadIssues, openAlerts } from './api.js';
import { isOpen } from './open_alert.js';

/** @typedef {import('./types.js').IssueChanged} IssueChanged */
/** @typedef {import('./types.js').AlertChanged} AlertChanged */

/** Older ones go. */
const MOST = 100;
/** A call that ends takes its alerts along, and nobody says so: looked at again so often while there are some. */
const AGAIN_MS = 15_000;
/** @type {number | undefined} */
let again;

/** Newest first. */
export const issues = signal(/** @type {IssueChanged[]} */ ([]));
/** Open ones of all calls, newest first. */
export const alerts = signal(/** @type {AlertChanged[]} */ ([]));
/** Who talks in which call. */
export const agents = signal(/** @type {ReadonlyMap<string, string>} */ (new Map()));
export const failed = signal(false);

export const rising = computed(() => issues.value.filter(({ state }) => state === 'rising').length);

/** @param {IssueChanged} issue */
export function takeIssue(issue) {
  const others = issues.value.filter(({ issue_id: id }) => id !== issue.issue_id);
  issues.value = [issue, ...others].sort((a, b) => Date.parse(b.since) - Date.parse(a.since)).slice(0, MOST);
}

/** @param {AlertChanged} alert */
export function takeAlert(alert) {
  const others = alerts.value.filter((other) => other.call_id !== alert.call_id || other.alert_id !== alert.alert_id);
  alerts.value = isOpen(alert) ? [alert, ...others].slice(0, MOST) : others;
  if (isOpen(alert) && !agents.value.has(alert.call_id)) loadAgents();
  lookAgain();
}

function lookAgain() {
  clearTimeout(again);
  if (alerts.value.length) again = setTimeout(loadWatch, AGAIN_MS);
}

/** All of it anew: after a lost connection something may be missing. */
export async function loadWatch() {
  try {
    const [known, open] = await Promise.all([loadIssues(), openAlerts()]);
    failed.value = false;
    issues.value = known.issues;
    alerts.value = open.alerts.filter(isOpen).toReversed();
    if (alerts.value.length) loadAgents();
  } catch {
    failed.value = true;
  } finally {
    lookAgain();
  }
}

async function loadAgents() {
  try {
    const { calls: list } = await calls({ limit: '200' });
    agents.value = new Map(list.map(({ call_id: id, agent_name: name }) => [id, name]));
  } catch {
    // The alert is listed without a name.
  }
}
