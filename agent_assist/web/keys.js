// The keyboard. By place of the key, not by letter: with the Korean keyboard on, C is still the key with C on it.
import { signal } from '@preact/signals';
import { copyOpen, found, openCard } from './cards.js';
import { armed, call, choose, disarm, pressHangUp, readyKey } from './house.js';
import { showNewest } from './transcript.js';

const KEPT = 'minwon.letters';
/** Single-letter keys may be switched off (WCAG 2.1.4): speech input and shaky hands press them by accident. */
export const letters = signal(localStorage.getItem(KEPT) !== 'off');

/** @param {boolean} on */
export function setLetters(on) {
  letters.value = on;
  localStorage.setItem(KEPT, on ? 'on' : 'off');
}

/**
 * @param {{toggleHelp: () => void, helpOpen: () => boolean}} page
 */
export function listen(page) {
  /** @type {Record<string, () => void>} */
  const always = {
    F9: () => { const next = readyKey(); if (next) choose(next); },
    F10: pressHangUp,
    Escape: escape,
  };
  /** @type {Record<string, () => void>} */
  const outsideFields = {
    Slash: () => document.getElementById('search')?.focus(),
    'Shift+Slash': page.toggleHelp,
    Digit1: () => openCard(0),
    Digit2: () => openCard(1),
    Digit3: () => openCard(2),
    KeyC: copyOpen,
    KeyH: () => { location.hash = location.hash.startsWith('#/calls') ? '#/' : '#/calls'; },
    End: showNewest,
  };
  addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.repeat) return;
    if (page.helpOpen() && event.code !== 'F10') return;
    const typing = event.target instanceof HTMLInputElement && event.target.type === 'text';
    const name = event.shiftKey ? `Shift+${event.code}` : event.code;
    const mayLetter = !typing && (letters.value || event.code === 'End');
    const deed = always[event.code] ?? (mayLetter ? outsideFields[name] : undefined);
    if (!deed) return;
    event.preventDefault();
    deed();
  });
}

/** Let go of one thing at a time, the most dangerous first. */
function escape() {
  if (armed.value) disarm();
  else if (found.value) found.value = null;
  else if (call.value?.cards.value.pinned) call.value.release();
  else if (location.hash.startsWith('#/calls')) location.hash = '#/';
}
