// The list of keys, and what the signs mean.
import { useLayoutEffect, useRef } from 'preact/hooks';
import { say } from '../office/words.js';
import { Key, html } from '../view.js';
import { Shape } from './signs.js';
import { letters } from './view.js';

/** @type {[string[], string][]} */
const KEYS = [
  [['1', '2', '3', '4'], 'help.views'], [['/'], 'help.search'], [['G'], 'help.group'], [['S'], 'help.sort'], [['Home', '↑ ↓ ← →', 'Enter'], 'help.walk'],
  [['L'], 'help.listen'], [['W'], 'help.whisper'], [['B'], 'help.barge'], [['X'], 'help.leave'], [['T'], 'help.takeover'], [['M'], 'help.note'],
  [['C'], 'help.state'], [['O'], 'help.open'], [['A'], 'help.alert'], [['K'], 'help.take'], [['N'], 'help.sound'], [['Esc'], 'help.escape'], [['?'], 'help.help'],
];

/** @param {{onClose: () => void}} props */
export function Help({ onClose }) {
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null));
  useLayoutEffect(() => dialog.current?.showModal(), []);
  return html`
    <dialog class="help" ref=${dialog} onClose=${onClose} aria-labelledby="help-heading"
      onKeyDown=${(/** @type {KeyboardEvent} */ event) => event.key === '?' && dialog.current?.close()}>
      <h2 id="help-heading">${say('help.heading')}</h2>
      <dl>${KEYS.map(([keys, text]) => html`<div key=${text}><dt>${keys.map((key) => html`<${Key}>${key}<//> `)}</dt><dd>${say(text)}</dd></div>`)}</dl>
      <p class="signs">${['ready', 'offered', 'talking', 'wrap_up', 'away'].map((name) => html`<span key=${name}><${Shape} of=${name} /> ${say(`state.${name}`)}</span> `)}</p>
      <p class="soft">${say('help.still')}</p>
      <label><input type="checkbox" checked=${letters.value} onChange=${(/** @type {Event} */ event) => { letters.value = /** @type {HTMLInputElement} */ (event.target).checked; }} /> ${say('help.letters')}</label>
      <button class="main" onClick=${() => dialog.current?.close()}>${say('form.close')} <${Key}>Esc<//></button>
    </dialog>`;
}
