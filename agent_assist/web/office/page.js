// The frame of every page: heading, what can be done, help where it is needed.
import { useMemo, useState } from 'preact/hooks';
import { say } from './words.js';
import { html } from '../view.js';

/** @typedef {import('../types.js').Children} Children */

/**
 * @param {{name: string, title?: string, deeds?: Children, children?: Children}} props
 *   name: of the place; its help is the catalogue's 'help.NAME'
 */
export function Page({ name, title, deeds, children }) {
  const [help, setHelp] = useState(false);
  return html`
    <main class=${`sheet of-${name}`} id="main" tabindex="-1">
      <header>
        <h1>${title ?? say(`nav.${name}`)}</h1>
        <button class="quiet" aria-expanded=${help} aria-controls="help" onClick=${() => setHelp(!help)}>${say('page.help')}</button>
        <div class="deeds">${deeds}</div>
      </header>
      ${help && html`<div class="help-text" id="help">${say(`help.${name}`).split('\n').map((line) => html`<p>${line}</p>`)}</div>`}
      ${children}
    </main>`;
}

/**
 * A field with its name above, a hint below.
 * @param {{label: string, hint?: Children, wide?: boolean, children?: Children}} props
 */
export function Field({ label, hint, wide, children }) {
  return html`<label class=${wide ? 'field wide' : 'field'}><span>${label}</span>${children}${hint && html`<small>${hint}</small>`}</label>`;
}

/**
 * As a field's `ref`: one begins to write there as soon as it is on the page. (`autofocus` takes the focus from nobody:
 * not from the button that has opened the form.) @param {HTMLElement | null} field
 */
export const begun = (field) => field?.focus();

/** What was typed. @param {Event} event */
export const typed = (event) => /** @type {HTMLInputElement} */ (event.target).value;

/**
 * A choice out of a list; '' = nothing chosen.
 * @param {{value: string, onChange: (value: string) => void, none?: string, options: {value: string, label: string}[], disabled?: boolean, label?: string}} props
 */
export function Select({ value, onChange, none, options, disabled, label }) {
  const drawn = useMemo(() => options.map((one) => html`<option key=${one.value} value=${one.value}>${one.label}</option>`), [options]);
  return html`
    <select value=${value} disabled=${disabled} aria-label=${label} onChange=${(/** @type {Event} */ event) => onChange(typed(event))}>
      ${none !== undefined && html`<option value="">${none}</option>`}
      ${drawn}
    </select>`;
}

/**
 * A few choices beside each other, one of them on.
 * @param {{label: string, value: string, onChange: (value: string) => void, options: {value: string, label: string, count?: number}[]}} props
 */
export function Choices({ label, value, onChange, options }) {
  return html`
    <div class="choices" role="group" aria-label=${label}>
      ${options.map((one) => html`
        <button type="button" key=${one.value} class=${one.value === value ? 'on' : ''} aria-pressed=${one.value === value} onClick=${() => onChange(one.value)}>
          ${one.label}${one.count !== undefined && html` <b>${one.count}</b>`}
        </button>`)}
    </div>`;
}

/** Arrow keys walk through a list's links and first buttons. @param {KeyboardEvent} event */
export function walk(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const list = /** @type {HTMLElement} */ (event.currentTarget);
  const stops = /** @type {HTMLElement[]} */ ([...list.querySelectorAll('[data-stop]')]);
  const next = step && stops[stops.indexOf(/** @type {HTMLElement} */ (document.activeElement)) + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
}
