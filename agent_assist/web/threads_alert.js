// What was found in written words: an emergency, self-harm, abuse. Nothing can be announced to who writes; she reads what to do.
import { useEffect } from 'preact/hooks';
import { alertStep } from './api.js';
import { inOrder, loadProcedures, procedures } from './alerts.js';
import { attempt } from './house.js';
import { say } from './messages.js';
import { Key, html } from './view.js';
import { isHers } from './written.js';

/** @param {{call: import('./call.js').Call}} props */
export function WrittenAlerts({ call }) {
  const [alert] = inOrder(call.alerts.value);
  useEffect(() => { if (alert) loadProcedures(); }, [alert?.alert_id]);
  if (!alert) return null;
  const procedure = procedures.value.find(({ kind }) => kind === alert.kind);
  const step = (/** @type {'closed' | 'dismissed'} */ name) => attempt(() => alertStep(call.id, alert.alert_id, { step: name, reason: name === 'dismissed' ? say('threads.alert_mistaken') : '' }));
  return html`
    <section class="alert" role="alert" data-alert=${alert.alert_id}>
      <header>
        <h2>${procedure?.title ?? say(`alert.kind.${alert.kind}`)}</h2>
        <p class="found">${alert.words.map((word, i) => [i > 0 && ' · ', html`<mark>${word}</mark>`])}</p>
        ${isHers.value && html`
          <button onClick=${() => step('closed')}>${say('alert.step.closed')} <${Key}>L<//></button>
          <button class="quiet" onClick=${() => step('dismissed')}>${say('alert.step.dismissed')} <${Key}>N<//></button>`}
      </header>
      ${(procedure?.advice ?? []).slice(0, 2).map((line) => html`<p class="advice" key=${line}>${line}</p>`)}
    </section>`;
}
