// Fields of the record that are chosen: the likely ones a key away, all others by their first letters.
import { useRef, useState } from 'preact/hooks';
import { say } from './messages.js';
import { Sure } from './sure.js';
import { Key, html } from './view.js';

/** Beside each other; the rest is in the list behind them. */
const MOST = 4;

/**
 * One of several: numbers and arrows choose, the last key opens the whole list.
 * @param {{name: string, label: string, value: string, guesses: import('./types.js').RecordGuess[], options: string[], show: (value: string) => string, other: string, first?: boolean, onChange: (value: string) => void}} props
 */
export function Chooser({ name, label, value, guesses, options, show, other, first, onChange }) {
  const [all, setAll] = useState(false);
  const group = useRef(/** @type {HTMLDivElement | null} */ (null));
  const likely = guesses.map((guess) => guess.value);
  const offered = [...new Set([...likely, ...(value ? [value] : []), ...options])].slice(0, Math.max(MOST, likely.length));
  if (value && !offered.includes(value)) offered[offered.length - 1] = value;
  const choose = (/** @type {number} */ at) => {
    const one = offered[at];
    if (one === undefined) return setAll(true);
    onChange(one);
    const button = group.current?.querySelectorAll('button')[at];
    if (button instanceof HTMLElement) button.focus();
    return undefined;
  };
  const keys = (/** @type {KeyboardEvent} */ event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code)?.[1];
    const step = /** @type {Record<string, number>} */ ({ ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 })[event.key];
    if (digit) choose(Math.min(Number(digit) - 1, offered.length));
    else if (step) choose((Math.max(0, offered.indexOf(value)) + step + offered.length) % offered.length);
    else return;
    event.preventDefault();
    event.stopPropagation(); // numbers open cards elsewhere
  };
  const sure = guesses.find((guess) => guess.value === value)?.sure;
  const at = Math.max(0, offered.indexOf(value));
  return html`
    <div class="record-field">
      <span id=${`of-${name}`}>${label} ${sure !== undefined && name === 'category' && html`<${Sure} score=${sure} />`}</span>
      <div class="record-choices" role="radiogroup" aria-labelledby=${`of-${name}`} ref=${group} onKeyDown=${keys}>
        ${offered.map((one, i) => html`
          <button type="button" key=${one} role="radio" data-choice=${name} data-first=${first && i === at ? true : undefined} aria-checked=${one === value} tabindex=${i === at ? 0 : -1}
            class=${one === value ? 'on' : ''} onClick=${() => onChange(one)}><${Key}>${i + 1}<//> ${show(one)}</button>`)}
        <button type="button" class="quiet" data-choice=${name} tabindex="-1" onClick=${() => setAll(!all)}><${Key}>${offered.length + 1}<//> ${other}</button>
      </div>
      ${all && html`<${Suggest} name=${name} label=${say('record.find', { name: label })} value="" options=${options} show=${show} begins=${true}
        onChange=${(/** @type {string} */ chosen) => { if (options.includes(chosen)) { onChange(chosen); setAll(false); group.current?.querySelector('button')?.focus(); } }} />`}
    </div>`;
}

/**
 * A text with a list of what it may be.
 * @param {{name: string, label: string, value: string, options: string[], show?: (value: string) => string, begins?: boolean, onChange: (value: string) => void}} props
 */
export function Suggest({ name, label, value, options, show = (text) => text, begins, onChange }) {
  const id = `may-be-${name}`;
  const taken = (/** @type {Event} */ event) => {
    const text = /** @type {HTMLInputElement} */ (event.target).value;
    onChange(options.find((one) => show(one) === text) ?? text);
  };
  return html`
    <label class="record-field"><span>${label}</span>
      <input type="text" name=${name} data-find=${begins ? 'yes' : undefined} maxlength="200" list=${id} value=${show(value)} autocomplete="off" ref=${(/** @type {HTMLInputElement | null} */ box) => { if (begins && box && !box.dataset.seen) { box.dataset.seen = '1'; box.focus(); } }} onInput=${taken} />
      <datalist id=${id}>${options.map((one) => html`<option key=${one} value=${show(one)}></option>`)}</datalist></label>`;
}
