// The list of keys.
import { useLayoutEffect, useRef } from 'preact/hooks';
import { may } from './house.js';
import { letters, setLetters } from './keys.js';
import { say } from './messages.js';
import { Key, html } from './view.js';

/** @type {[string[], string][]} */
const KEYS = [
  [['/'], 'help.search'],
  [['1', '2', '3'], 'help.cards'],
  [['A'], 'help.accept'],
  [['X', 'Del'], 'help.dismiss'],
  [['Z'], 'help.undo'],
  [['K'], 'help.keep'],
  [['E'], 'help.wrong'],
  [['C'], 'help.copy'],
  [['F2'], 'help.text'],
  [['F3'], 'help.screen'],
  [['F4'], 'help.contact'],
  [['F8'], 'help.send'],
  [['Alt 1', '…', '9'], 'help.values'],
  [['M'], 'help.hold'],
  [['F6'], 'help.recording'],
  [['T'], 'help.transfer'],
  [['T', 'V', 'Q'], 'help.transfer_steps'],
  [['S'], 'help.language'],
  [['U'], 'help.wrap_up'],
  [['P'], 'help.photo'],
  [['R'], 'help.read'],
  [['W'], 'help.step'],
  [['Y'], 'help.end_by_law'],
  [['L'], 'help.settled'],
  [['N'], 'help.false_alarm'],
  [['J'], 'help.evidence'],
  [['G'], 'help.reminder'],
  [['D'], 'help.record'],
  [['F7'], 'help.note'],
  [['F9'], 'help.ready'],
  [['F10'], 'help.hang_up'],
  [['End'], 'help.latest'],
  [['F'], 'help.texts'],
  [['H'], 'help.history'],
  [['O'], 'help.outbox'],
  [['B'], 'help.callbacks'],
  [['Esc'], 'help.escape'],
  [['?'], 'help.help'],
];

/** @type {[string[], string][]} */
const WATCH = [[['I'], 'help.issues']];

/** @param {{onClose: () => void}} props */
export function Help({ onClose }) {
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null));
  useLayoutEffect(() => dialog.current?.showModal(), []);
  return html`
    <dialog class="help" ref=${dialog} onClose=${onClose} aria-labelledby="help-heading"
      onKeyDown=${(/** @type {KeyboardEvent} */ event) => event.key === '?' && dialog.current?.close()}>
      <h2 id="help-heading">${say('help.heading')}</h2>
      <dl>${[...KEYS, ...(may('supervisor') ? WATCH : [])].map(([keys, text]) => html`<div key=${text}><dt>${keys.map((key) => html`<${Key}>${key}<//> `)}</dt><dd>${say(text)}</dd></div>`)}</dl>
      <label><input type="checkbox" checked=${letters.value} onChange=${(/** @type {Event} */ event) => setLetters(/** @type {HTMLInputElement} */ (event.target).checked)} /> ${say('help.letters')}</label>
      <button class="main" onClick=${() => dialog.current?.close()}>${say('help.close')} <${Key}>Esc<//></button>
    </dialog>`;
}
