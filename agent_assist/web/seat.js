// The telephone at which she sits: asked for in her menu, where agents choose it.
import { useState } from 'preact/hooks';
import { Fault, sit } from './api.js';
import { agent, tell } from './house.js';
import { say } from './messages.js';
import { html } from './view.js';

/** As the sign-in page remembers it. */
const KEPT = 'minwon.extension';

/** @param {{onDone: () => void}} props */
export function Seat({ onDone }) {
  const [extension, setExtension] = useState(agent.value.extension);
  const [trouble, setTrouble] = useState('');
  /** @param {Event} event */
  const take = async (event) => {
    event.preventDefault();
    try {
      await sit(extension.trim());
    } catch (fault) {
      if (!(fault instanceof Fault)) throw fault;
      setTrouble(fault.message);
      return;
    }
    localStorage.setItem(KEPT, extension.trim());
    tell(extension.trim() ? say('seat.told', { extension: extension.trim() }) : say('seat.told_own'));
    onDone();
  };
  return html`
    <form class="seat" onSubmit=${take}>
      <label for="seat">${say('seat.label')}</label>
      <span><input id="seat" type="text" inputmode="numeric" autocomplete="off" maxlength="32" value=${extension} aria-describedby="seat-trouble"
        onInput=${(/** @type {InputEvent} */ event) => { setExtension(/** @type {HTMLInputElement} */ (event.target).value); setTrouble(''); }} />
      <button>${say('seat.take')}</button></span>
      <p id="seat-trouble" role="status">${trouble}</p>
    </form>`;
}
