// Alerts of the call on the desk: which one is in hand, what its procedure allows now, and each step in two presses.
import { signal } from '@preact/signals';
import { Fault, alertStep, procedures as load } from './api.js';
import { call, tell } from './house.js';
import { isOpen } from './open_alert.js';
import { say } from './messages.js';

/** @typedef {import('./types.js').AlertChanged} AlertChanged */
/** @typedef {import('./types.js').Procedure} Procedure */
/** @typedef {import('./types.js').StepName} StepName */

/** First what saves lives. @type {import('./types.js').AlertKind[]} */
const ORDER = ['emergency', 'self_harm', 'threat', 'sexual', 'abuse'];
/** These need a reason, so they ask for it. */
const REASONED = new Set(['ended', 'dismissed']);
/** These are no announcement: they end the alert. */
const ENDING = new Set(['ended', 'dismissed', 'closed']);
const ARMED_MS = 4000;

export const procedures = signal(/** @type {Procedure[]} */ ([]));
/** The alert that she took in hand, '' = the gravest. */
const chosen = signal('');
/** The step that the next press takes: 'alert step', '' if none. */
export const armedStep = signal('');
/** @type {number | undefined} */
let disarming;

/** What to do at each kind; asked for again when it could not be had. */
export async function loadProcedures() {
  if (procedures.value.length) return;
  try {
    procedures.value = (await load()).procedures;
  } catch {
    // The alert itself is shown all the same; the next one asks again.
  }
}

/**
 * Open alerts, the one in hand first, then by gravity, newest first.
 * @param {AlertChanged[]} alerts
 * @param {string} [inHand]
 */
export function inOrder(alerts, inHand = chosen.value) {
  const rank = (/** @type {AlertChanged} */ { alert_id: id, kind }) => (id === inHand ? -1 : ORDER.indexOf(kind));
  return alerts.filter(isOpen).toReversed().sort((a, b) => rank(a) - rank(b));
}

/** The alert that keys mean. */
export const inHand = () => (call.value && !call.value.facts.value.ended ? inOrder(call.value.alerts.value)[0] ?? null : null);

/** @param {string} alertId */
export function take(alertId) {
  disarmStep();
  chosen.value = alertId;
}

/**
 * The steps of a procedure, with what became of them.
 * @param {Procedure} procedure
 * @param {string[]} taken
 * @returns {(import('./types.js').Step & {state: 'taken' | 'next' | 'possible' | 'later'})[]}
 */
export function stepsOf({ steps }, taken) {
  const may = (/** @type {import('./types.js').Step} */ { needs }) => !needs.length || needs.some((step) => taken.includes(step));
  const next = steps.find((step) => !ENDING.has(step.step) && !taken.includes(step.step) && may(step));
  return steps.map((step) => ({
    ...step,
    state: taken.includes(step.step) ? 'taken' : step === next ? 'next' : may(step) ? 'possible' : 'later',
  }));
}

export function disarmStep() {
  clearTimeout(disarming);
  armedStep.value = '';
}

/**
 * The first press says what will happen, the second does it; what needs a reason asks for it instead.
 * @param {AlertChanged | null} alert
 * @param {StepName} step
 * @param {(alert: AlertChanged, step: StepName) => void} ask
 */
export function pressStep(alert, step, ask) {
  if (!alert || !allowed(alert, step)) return;
  if (REASONED.has(step)) {
    disarmStep();
    ask(alert, step);
    return;
  }
  const name = `${alert.alert_id} ${step}`;
  if (armedStep.value === name) {
    disarmStep();
    takeStep(alert, step, '');
    return;
  }
  disarmStep();
  armedStep.value = name;
  disarming = setTimeout(disarmStep, ARMED_MS);
}

/** @param {AlertChanged} alert @param {StepName} step */
function allowed(alert, step) {
  const procedure = procedures.value.find(({ kind }) => kind === alert.kind);
  const found = procedure && stepsOf(procedure, alert.steps).find((one) => one.step === step);
  return found ? found.state === 'next' || found.state === 'possible' : step === 'dismissed';
}

/** The announcement that comes next. @param {AlertChanged | null} alert */
export function nextStep(alert) {
  const procedure = procedures.value.find(({ kind }) => kind === alert?.kind);
  return (procedure && alert && stepsOf(procedure, alert.steps).find(({ state }) => state === 'next')?.step) || null;
}

/**
 * True when it was done.
 * @param {AlertChanged} alert
 * @param {StepName} step
 * @param {string} reason
 */
export async function takeStep(alert, step, reason) {
  const current = call.value;
  if (!current) return false;
  try {
    await alertStep(current.id, alert.alert_id, { step, reason });
  } catch (trouble) {
    if (!(trouble instanceof Fault)) throw trouble;
    tell(say('bar.failed', { reason: trouble.message }));
    return false;
  }
  tell(say(`alert.told.${ENDING.has(step) ? step : 'said'}`));
  return true;
}

/** Bring the words into sight that raised it. @param {AlertChanged | null} alert */
export function showEvidence(alert) {
  const row = alert && document.querySelector(`[data-utterance="${CSS.escape(alert.utterance)}"]`);
  if (!(row instanceof HTMLElement)) return;
  row.scrollIntoView({ block: 'center' });
  row.classList.remove('shown-now');
  requestAnimationFrame(() => row.classList.add('shown-now'));
}

/** What arms a step does not outlive the call. */
export function followAlerts() {
  loadProcedures();
  call.subscribe(() => {
    disarmStep();
    chosen.value = '';
  });
}
