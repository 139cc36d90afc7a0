// A list written as lines: steps, keywords. The text stays as it is typed; the list is what stands on its lines.
import { useState } from 'preact/hooks';
import { Field, typed } from '../office/page.js';
import { html } from '../view.js';

/** @param {string} text */
const lines = (text) => text.split('\n').map((line) => line.trim()).filter(Boolean);

/** @param {{label: string, hint?: string, rows?: number, value: string[], onChange: (value: string[]) => void, disabled?: boolean}} props */
export function ListField({ label, hint, rows = 3, value, onChange, disabled }) {
  const [text, setText] = useState(value.join('\n'));
  const shown = lines(text).join('\n') === value.join('\n') ? text : value.join('\n'); // changed from elsewhere
  return html`
    <${Field} label=${label} hint=${hint} wide>
      <textarea rows=${Math.max(rows, Math.min(value.length + 1, 12))} value=${shown} disabled=${disabled}
        onInput=${(/** @type {Event} */ event) => { setText(typed(event)); onChange(lines(typed(event))); }}></textarea>
    <//>`;
}
