// The half of a record that people write: read, and changed in the same place.
import { useState } from 'preact/hooks';
import { Field, Select, typed } from 'desk/office/page.js';
import { say } from 'desk/office/words.js';
import { html } from 'desk/view.js';
import { categoryOptions, levels, plainOptions, resultName, resultOptions, terms } from './terms.js';

/** @typedef {import('./types.js').Wording} Wording */
/** @typedef {import('./types.js').ContactRecord} ContactRecord */

/** @type {(keyof Wording)[]} */
export const FIELDS = ['category', 'result', 'department', 'district', 'need', 'answer'];

/** How a field reads. @param {keyof Wording} field @param {string} value */
export function inWords(field, value) {
  if (!value) return '';
  if (field === 'category') return levels(value);
  return field === 'result' ? resultName(value) : value;
}

/** @param {{written: Wording}} props */
export function Read({ written }) {
  return html`
    <dl class="facts">
      ${FIELDS.map((field) => html`
        <div key=${field} class=${field === 'need' || field === 'answer' ? 'wide' : ''}>
          <dt>${say(`record.${field}`)}</dt>
          <dd>${inWords(field, written[field]) || html`<span class="soft">${say('record.empty')}</span>`}</dd>
        </div>`)}
    </dl>`;
}

/**
 * @param {{record: ContactRecord, onKeep: (written: Wording, reason: string) => void, onLeave: () => void}} props
 *   a reason is asked for once it was confirmed
 */
export function Write({ record, onKeep, onLeave }) {
  const [written, setWritten] = useState(record.written);
  const [reason, setReason] = useState('');
  const set = (/** @type {Partial<Wording>} */ some) => setWritten({ ...written, ...some });
  const asks = record.state === 'confirmed';
  const pick = (/** @type {keyof Wording} */ field, /** @type {{value: string, label: string}[]} */ options) => html`
    <${Field} label=${say(`record.${field}`)}>
      <${Select} value=${written[field]} none=${say('record.none')} options=${withCurrent(options, field, written[field])} onChange=${(/** @type {string} */ value) => set({ [field]: value })} /><//>`;
  const text = (/** @type {'need' | 'answer'} */ field) => html`
    <${Field} label=${say(`record.${field}`)} wide=${true}>
      <textarea rows="3" maxlength="1000" value=${written[field]} onInput=${(/** @type {Event} */ event) => set({ [field]: typed(event) })}></textarea><//>`;
  return html`
    <form class="form" onSubmit=${(/** @type {Event} */ event) => { event.preventDefault(); if (!asks || reason.trim()) onKeep(written, reason); }}>
      <div class="fields">
        ${pick('category', categoryOptions.value)}${pick('result', resultOptions.value)}
        ${pick('department', plainOptions(terms.value.departments))}${pick('district', plainOptions(terms.value.districts))}
        ${text('need')}${text('answer')}
        ${asks && html`
          <${Field} label=${say('record.reason')} hint=${say('record.reason_hint')} wide=${true}>
            <input type="text" maxlength="500" required value=${reason} onInput=${(/** @type {Event} */ event) => setReason(typed(event))} /><//>`}
      </div>
      <div class="deeds">
        <button type="button" onClick=${onLeave}>${say('page.cancel')}</button>
        <button class="main" disabled=${asks && !reason.trim()}>${say(asks ? 'page.save' : 'record.confirm')}</button>
      </div>
    </form>`;
}

/** What is written stays a choice, though the list has it no longer. @param {{value: string, label: string}[]} options @param {keyof Wording} field @param {string} value */
function withCurrent(options, field, value) {
  return !value || options.some((one) => one.value === value) ? options : [{ value, label: inWords(field, value) }, ...options];
}
