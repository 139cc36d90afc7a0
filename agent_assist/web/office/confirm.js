// A question before something that others would notice. The browser's own dialog: Esc is 'no', the keyboard stays inside.
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { signal } from '@preact/signals';
import { say } from './words.js';
import { html } from '../view.js';

/** @typedef {{value: string, label: string}} Option */
/** @typedef {{title: string, text?: string, yes: string, danger?: boolean, choose?: {label: string, options: Option[]}, write?: {label: string, needed?: boolean}}} Question */

/** @type {import('@preact/signals').Signal<{question: Question, answer: (value: string | null) => void} | null>} */
const asked = signal(null);

/**
 * null = no; else what was chosen or written ('' where nothing was asked for).
 * @param {Question} question
 * @returns {Promise<string | null>}
 */
export function confirm(question) {
  return new Promise((answer) => { asked.value = { question, answer }; });
}

export function Confirm() {
  const now = asked.value;
  return now && html`<${Dialog} key=${now.question.title} ...${now} />`;
}

/** @param {{question: Question, answer: (value: string | null) => void}} props */
function Dialog({ question, answer }) {
  const box = useRef(/** @type {HTMLDialogElement | null} */ (null));
  const [value, setValue] = useState('');
  useLayoutEffect(() => { box.current?.showModal(); }, []); // at once: the next key is meant for it
  const leave = (/** @type {string | null} */ result) => {
    asked.value = null;
    answer(result);
  };
  const { choose, write } = question;
  const missing = (choose || write?.needed) && !value.trim();
  const set = (/** @type {Event} */ event) => setValue(/** @type {HTMLInputElement} */ (event.target).value);
  return html`
    <dialog class="dialog" ref=${box} aria-labelledby="question" onCancel=${() => leave(null)}>
      <form method="dialog" onSubmit=${(/** @type {Event} */ event) => { event.preventDefault(); if (!missing) leave(value.trim()); }}>
        <h2 id="question">${question.title}</h2>
        ${question.text && html`<p>${question.text}</p>`}
        ${choose && html`
          <label class="field"><span>${choose.label}</span>
            <select value=${value} onChange=${set} autofocus>
              <option value="">${say('page.choose')}</option>
              ${choose.options.map((one) => html`<option value=${one.value}>${one.label}</option>`)}
            </select></label>`}
        ${write && html`<label class="field"><span>${write.label}</span><input type="text" maxlength="500" value=${value} onInput=${set} autofocus /></label>`}
        <div class="deeds">
          <button type="button" onClick=${() => leave(null)}>${say('page.cancel')}</button>
          <button class=${question.danger ? 'danger' : 'main'} disabled=${missing} autofocus=${!choose && !write}>${question.yes}</button>
        </div>
      </form>
    </dialog>`;
}
