// Any of a few things, chosen by checkboxes: roles, scopes, topics.
import { html } from 'desk/view.js';

/**
 * What is chosen is told in the order of the options.
 * @template {string} T
 * @param {{label: string, options: {value: T, label: string}[], value: readonly T[], onChange: (value: T[]) => void, disabled?: boolean, hint?: any}} props
 */
export function Checks({ label, options, value, onChange, disabled, hint }) {
  const turn = (/** @type {T} */ one) => onChange(options.map((each) => each.value).filter((each) => value.includes(each) !== (each === one)));
  return html`
    <fieldset class="field wide" disabled=${disabled} aria-describedby=${hint && 'checks-hint'}>
      <legend>${label}</legend>
      <div class="checks">${options.map((one) => html`
        <label class="check" key=${one.value}><input type="checkbox" checked=${value.includes(one.value)} onChange=${() => turn(one.value)} /> ${one.label}</label>`)}</div>
      ${hint && html`<small id="checks-hint">${hint}</small>`}
    </fieldset>`;
}
