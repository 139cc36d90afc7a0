// A caller without a mobile number is asked for one: keyed or said by the caller, or typed here; read back, confirmed.
import { useState } from 'preact/hooks';
import { Fault, askNumber } from './api.js';
import { callerWord } from './caller_word.js';
import { grouped } from './format.js';
import { reach } from './hand.js';
import { say } from './messages.js';
import { Key, html } from './view.js';

/** Digits of a mobile number. */
const WHOLE = 11;

/** @param {{call: import('./call.js').Call}} props */
export function AskNumber({ call }) {
  const asked = call.asked.value ?? reach.value?.asked ?? { state: 'idle', number: '', keyed: 0 };
  const [typed, setTyped] = useState('');
  const [trouble, setTrouble] = useState('');
  const { caller, way, ended } = call.facts.value;
  /** @param {import('./types.js').NumberWish['do']} deed @param {string} [number] */
  const wish = async (deed, number = '') => {
    setTrouble('');
    try {
      await askNumber(call.id, { do: deed, number });
      if (deed === 'number') setTyped('');
    } catch (wrong) {
      if (!(wrong instanceof Fault)) throw wrong;
      setTrouble(wrong.message);
    }
  };
  const heard = asked.state === 'heard';
  const asking = asked.state === 'asking';
  /** @param {KeyboardEvent} event */
  const pressed = (event) => {
    if (event.key !== 'Enter' || event.isComposing || event.repeat) return;
    event.preventDefault();
    if (typed.trim()) wish('number', typed);
    else if (heard) wish('yes');
    else if (ended === null) wish('ask');
  };
  return html`
    <div class="ask-number">
      <p><b>${say(caller && !caller.anonymous && caller.number ? 'number.landline' : 'number.withheld', { number: caller ? callerWord(caller) : '' })}</b> ${say('number.next')}</p>
      <p class=${`asked-number is-${asked.state}`} role="status">
        ${heard ? html`<b>${grouped(asked.number)}</b><span>${say('number.heard')}</span>`
          : asking ? html`<b aria-hidden="true">${'●'.repeat(asked.keyed)}${'○'.repeat(Math.max(0, WHOLE - asked.keyed))}</b><span>${say('number.asking', { count: asked.keyed })}</span>`
            : ended === null && html`<span>${say(call.asked.value?.given_up ? 'number.given_up' : 'number.idle')}</span>`}
      </p>
      <label>${say('number.typed')}
        <input type="text" class="narrow" inputmode="tel" autocomplete="off" data-first value=${typed} placeholder="010-0000-0000" onKeyDown=${pressed}
          onInput=${(/** @type {InputEvent} */ event) => { setTyped(/** @type {HTMLInputElement} */ (event.target).value); setTrouble(''); }} /></label>
      <p class="size" role="status">${trouble && html`<b>${trouble}</b>`}</p>
      <p class="send">
        ${typed.trim() ? html`<button class="main" onClick=${() => wish('number', typed)}>${say('number.take')} <${Key}>Enter<//></button>`
          : heard ? html`<button class="main" onClick=${() => wish('yes')}>${say('number.yes')} <${Key}>Enter<//></button><button onClick=${() => wish('again')}>${say('number.again')}</button>`
            : html`<button class="main" disabled=${way !== 'bridge' || ended !== null} onClick=${() => wish('ask')}>${say(asking ? 'number.ask_again' : 'number.ask')} <${Key}>Enter<//></button>`}
        ${(asking || heard) && html`<button class="quiet" onClick=${() => wish('cancel')}>${say('number.cancel')}</button>`}
      </p>
      <p class="soft">${say('number.hint')}</p>
    </div>`;
}
