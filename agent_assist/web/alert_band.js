// An alert over the words: what was heard and where, what to say, and the legal procedure step by step.
import { useEffect } from 'preact/hooks';
import { armedStep, inHand, inOrder, loadProcedures, pressStep, procedures, showEvidence, stepsOf, take } from './alerts.js';
import { clock } from './format.js';
import { say } from './messages.js';
import { askReason } from './panel.js';
import { Key, html } from './view.js';

/** @typedef {import('./types.js').AlertChanged} AlertChanged */

/** Keys of the steps that are not announcements. @type {Record<string, string>} */
const KEYS = { ended: 'Y', closed: 'L', dismissed: 'N' };
/** A number to dial: 119, 112, 109, 1577-0199. */
const DIAL = /(\d{4}-\d{4}|(?<!\d)1\d\d(?!\d))/;
/** Advice lines that are read at once; the others are in the title. */
const CALM_LINES = 1;
/** Where no procedure could be had, a false alarm can still be told. @type {ReturnType<typeof stepsOf>} */
const NO_PROCEDURE = [{ step: 'dismissed', title: '', says: '', needs: [], state: 'possible' }];

/** @param {{call: import('./call.js').Call}} props */
export function AlertBand({ call }) {
  // After the call there is nothing left to announce or to end; its record has the alerts.
  const [alert, ...others] = call.facts.value.ended ? [] : inOrder(call.alerts.value);
  useEffect(() => { if (alert) loadProcedures(); }, [alert?.alert_id]);
  return html`
    <div class="alert-place" role="alert" aria-label=${say('alert.heading')}>
      ${alert && html`<${Alert} key=${alert.alert_id} call=${call} alert=${alert} />`}
      ${others.map((other) => html`
        <button class="other-alert" key=${other.alert_id} onClick=${() => take(other.alert_id)}>
          <b>${say(`alert.kind.${other.kind}`)}</b> ${other.words.join(' · ')}
        </button>`)}
    </div>`;
}

/** @param {{call: import('./call.js').Call, alert: AlertChanged}} props */
function Alert({ call, alert }) {
  const { started, joined } = call.facts.value;
  const zero = started && joined ? (Date.parse(joined) - Date.parse(started)) / 1000 : 0;
  const procedure = procedures.value.find(({ kind }) => kind === alert.kind);
  const grave = alert.kind === 'emergency' || alert.kind === 'self_harm';
  const advice = procedure?.advice ?? [];
  return html`
    <section class=${`alert${grave ? ' grave' : ''}`} data-alert=${alert.alert_id}>
      <header>
        <h2>${procedure?.title ?? say(`alert.kind.${alert.kind}`)}</h2>
        <p class="found">${alert.words.map((word, i) => [i > 0 && ' · ', html`<mark>${word}</mark>`])}</p>
        <button class="quiet" onClick=${() => showEvidence(alert)}>${say('alert.evidence', { time: clock(alert.start - zero) })} <${Key}>J<//></button>
      </header>
      ${(grave ? advice : advice.slice(0, CALM_LINES)).map((line) => html`<p class="advice" key=${line} title=${grave ? undefined : advice.join('\n')}>${dialled(line)}</p>`)}
      <${Steps} alert=${alert} steps=${procedure ? stepsOf(procedure, alert.steps) : NO_PROCEDURE} law=${procedure?.law ?? ''} />
    </section>`;
}

/** The announcements and the end in one row; below it the law, and the ways to go on. @param {{alert: AlertChanged, steps: ReturnType<typeof stepsOf>, law: string}} props */
function Steps({ alert, steps, law }) {
  const armed = armedStep.value.startsWith(`${alert.alert_id} `) ? armedStep.value.slice(alert.alert_id.length + 1) : '';
  const told = steps.find(({ step }) => step === armed) ?? steps.find(({ state }) => state === 'next');
  const goesOn = (/** @type {{step: string}} */ { step }) => step === 'closed' || step === 'dismissed';
  const button = (/** @type {ReturnType<typeof stepsOf>[0]} */ { step, title, state }) => html`
    <button key=${step} class=${`step ${step} ${state}${armed === step ? ' armed' : ''}`} aria-disabled=${state === 'taken' || state === 'later'}
      onClick=${() => pressStep(alert, step, askReason)}>
      ${state === 'taken' && html`<span aria-hidden="true">✓ </span>`}${title || say(`alert.step.${step}`)}
      ${state === 'taken' && html`<span class="heard-out">${say('alert.taken')}</span>`}
      ${keyOf(step, state) && html` <${Key}>${keyOf(step, state)}<//>`}
    </button>`;
  return html`
    <p class=${`says${armed ? ' armed' : ''}`} role="status">
      ${armed && html`<b>${say(told?.says ? 'alert.again_says' : 'alert.again')}</b> `}
      ${told?.says ? html`${!armed && `${say('alert.hears')} `}<q>${told.says}</q>` : ''}
    </p>
    <p class="steps">${steps.filter((step) => !goesOn(step)).map(button)}</p>
    <p class="steps"><span class="law" title=${law}>${law}</span>${steps.filter(goesOn).map(button)}</p>`;
}

/** @param {string} step @param {string} state */
function keyOf(step, state) {
  if (state === 'next') return 'W';
  return state === 'possible' ? KEYS[step] ?? '' : '';
}

/** A line with its telephone numbers large. @param {string} line */
function dialled(line) {
  return line.split(DIAL).map((piece, i) => (i % 2 ? html`<b class="dial">${piece}</b>` : piece));
}

/** J: the words that raised the alert in hand. */
export const jumpToEvidence = () => showEvidence(inHand());
