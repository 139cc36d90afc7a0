// The keyboard of the wall. By place of the key, not by letter: with the Korean keyboard on, L is still the key with L on it.
import { part } from '../office/ask.js';
import { foremost, show, take } from './alerts.js';
import { close, form, join, open } from './deeds.js';
import { CALL_SORTS, SORTS, VIEWS } from './tools.js';
import { callSort, chosen, grouped, letters, loud, meant, search, sort, state, view } from './view.js';

/** @template T @param {readonly T[]} list @param {T} now @returns {T} */
const next = (list, now) => list[(list.indexOf(now) + 1) % list.length];

/** @param {{toggleHelp: () => void, helpOpen: () => boolean}} page */
export function listen(page) {
  /** @type {Record<string, () => unknown>} */
  const keys = {
    ...Object.fromEntries(VIEWS.map((name, place) => [`Digit${place + 1}`, () => { view.value = name; }])),
    Slash: () => document.getElementById('search')?.focus(),
    'Shift+Slash': page.toggleHelp,
    KeyG: () => { grouped.value = !grouped.value; },
    KeyS: () => {
      if (view.value === 'calls') callSort.value = next(CALL_SORTS, callSort.value);
      else sort.value = next(SORTS, sort.value);
    },
    KeyN: () => { loud.value = !loud.value; },
    KeyA: () => { if (foremost.value) show(foremost.value[1]); },
    KeyK: () => { if (foremost.value) take(foremost.value[0], true); },
    KeyL: () => join('listen'),
    KeyW: () => join('whisper'),
    KeyB: () => join('barge'),
    KeyX: () => join(null),
    KeyT: () => open('takeover'),
    KeyM: () => open('note'),
    KeyC: () => open('state'),
    KeyO: () => { if (meant.value.callId) location.assign(`/desk#/calls/${part(meant.value.callId)}`); },
    Home: () => first(),
  };
  addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat || page.helpOpen()) return;
    if (event.code === 'Escape') return escape();
    const typing = event.target instanceof HTMLTextAreaElement || event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;
    const deed = !typing && letters.value ? keys[event.shiftKey ? `Shift+${event.code}` : event.code] : undefined;
    if (!deed) return;
    event.preventDefault();
    deed();
  });
}

/** Into the list. */
function first() {
  const one = document.querySelector('main [data-stop]');
  if (one instanceof HTMLElement) one.focus();
}

/** Let go of one thing at a time. */
function escape() {
  if (form.value) close();
  else if (chosen.value) chosen.value = null;
  else if (search.value) search.value = '';
  else if (state.value) state.value = '';
  else if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
}
