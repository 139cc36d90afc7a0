// Why a call is ended by the procedure, or an alert was none: a few reasons, or one's own words.
import { useEffect, useState } from 'preact/hooks';
import { takeStep } from './alerts.js';
import { say } from './messages.js';
import { Key, html } from './view.js';

const REASONS = 4;
const ARMED_MS = 4000;

/** @param {{alert: import('./types.js').AlertChanged, step: import('./types.js').StepName, onDone: () => void}} props */
export function Reasons({ alert, step, onDone }) {
  const [chosen, setChosen] = useState(0);
  const [own, setOwn] = useState('');
  const [armed, setArmed] = useState(false);
  const [sending, setSending] = useState(false);
  const ends = step === 'ended';
  const reasons = Array.from({ length: REASONS }, (_, i) => say(`alert.reason.${step}.${i + 1}`));
  useEffect(() => {
    if (!armed) return undefined;
    const timer = setTimeout(() => setArmed(false), ARMED_MS);
    return () => clearTimeout(timer);
  }, [armed]);
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (sending) return;
    // To end a call takes two presses here, too.
    if (ends && !armed) {
      setArmed(true);
      return;
    }
    setSending(true);
    const done = await takeStep(alert, step, own.trim() || reasons[chosen]);
    setSending(false);
    if (done) onDone();
  };
  return html`
    <form class="reasons" onSubmit=${submit}>
      <fieldset>
        <legend>${say(`alert.why.${step}`)}</legend>
        ${reasons.map((reason, i) => html`
          <label key=${i}><input type="radio" name="reason" checked=${!own && i === chosen} onChange=${() => { setChosen(i); setOwn(''); setArmed(false); }} /> ${reason}</label>`)}
      </fieldset>
      <label class="own">${say('alert.own')}
        <input type="text" maxlength="300" value=${own} onInput=${(/** @type {InputEvent} */ event) => { setOwn(/** @type {HTMLInputElement} */ (event.target).value); setArmed(false); }} />
      </label>
      <p class="send">
        <button class=${ends ? 'ends' : 'main'} disabled=${sending}>${say(ends ? (armed ? 'alert.end_again' : 'alert.end') : 'alert.dismiss')} <${Key}>Enter<//></button>
        <span class="soft">${say(ends ? 'alert.end_note' : 'alert.dismiss_note')}</span>
      </p>
    </form>`;
}
