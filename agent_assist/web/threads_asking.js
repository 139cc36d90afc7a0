// What is asked before a written contact is closed or handed on: one line below the tools, the keyboard in it.
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { signal } from '@preact/signals';
import { colleagues } from './api.js';
import { say } from './messages.js';
import { Key, html } from './view.js';
import { close, giveBack, hand } from './written.js';

/** @typedef {import('./types.js').Written} Written */

/** What is asked now. */
export const asking = signal(/** @type {'' | 'close' | 'hand'} */ (''));

/** Ask it; a second time = no more. @param {'close' | 'hand'} what */
export function ask(what) {
  asking.value = asking.value === what ? '' : what;
}

/** @type {['answered' | 'no_answer_needed' | 'spam', string][]} */
const REASONS = [['answered', '1'], ['no_answer_needed', '2'], ['spam', '3']];

/** @param {{written: Written}} props */
export function CloseWith({ written }) {
  const first = useFocus();
  const [closing, setClosing] = useState(false);
  const choose = async (/** @type {'answered' | 'no_answer_needed' | 'spam'} */ reason) => {
    setClosing(true); // a text that may still be taken back goes first
    await close(written.contact_id, reason);
    asking.value = '';
  };
  const usual = written.first_answer ? 'answered' : 'no_answer_needed';
  return html`
    <div class="asked" role="group" aria-label=${say('threads.close_why')} onKeyDown=${digits(REASONS.map(([reason]) => () => choose(reason)))}>
      <span>${say(closing ? 'threads.closing' : 'threads.close_why')}</span>
      ${REASONS.map(([reason, key]) => html`<button key=${reason} ref=${reason === usual ? first : undefined} class=${reason === usual ? 'main' : ''} disabled=${closing} onClick=${() => choose(reason)}>${say(`threads.reason.${reason}`)} <${Key}>${key}<//></button>`)}
      <button class="quiet" onClick=${() => { asking.value = ''; }}>${say('help.close')} <${Key}>Esc<//></button>
    </div>`;
}

/** @param {{written: Written}} props */
export function HandOn({ written }) {
  const first = useFocus();
  const [there, setThere] = useState(/** @type {import('./types.js').Colleague[] | null} */ (null));
  useEffect(() => { colleagues().then((answer) => setThere(answer.colleagues), () => setThere([])); }, []);
  const done = async (/** @type {() => Promise<unknown>} */ deed) => { await deed(); asking.value = ''; };
  const shown = (there ?? []).slice(0, 8);
  return html`
    <div class="asked" role="group" aria-label=${say('threads.hand_whom')} onKeyDown=${digits(shown.map(({ id }) => () => done(() => hand(written.contact_id, id))))}>
      <span>${say(there && !shown.length ? 'threads.nobody_there' : 'threads.hand_whom')}</span>
      ${shown.map(({ id, name, owes, state }, i) => html`<button key=${id} onClick=${() => done(() => hand(written.contact_id, id))}>${name} <small class="soft">${say(`state.${state}`)}${owes ? ` · ${say('threads.owes', { count: owes })}` : ''}</small> <${Key}>${i + 1}<//></button>`)}
      ${written.state === 'assigned' && html`<button onClick=${() => done(() => giveBack(written.contact_id))}>${say('threads.give_back')}</button>`}
      <button class="quiet" ref=${first} onClick=${() => { asking.value = ''; }}>${say('help.close')} <${Key}>Esc<//></button>
    </div>`;
}

function useFocus() {
  const first = useRef(/** @type {HTMLButtonElement | null} */ (null));
  useLayoutEffect(() => first.current?.focus(), []);
  return first;
}

/**
 * Digits choose; nothing else of the desk hears them meanwhile.
 * @param {(() => unknown)[]} deeds
 * @returns {(event: KeyboardEvent) => void}
 */
const digits = (deeds) => (event) => {
  const deed = deeds[Number(/^Digit([1-9])$/.exec(event.code)?.[1]) - 1];
  if (event.key === 'Escape') asking.value = '';
  else if (!deed) return;
  event.preventDefault();
  event.stopPropagation();
  if (deed && !event.repeat) deed();
};
