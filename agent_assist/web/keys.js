// The keyboard. By place of the key, not by letter: with the Korean keyboard on, C is still the key with C on it.
import { signal } from '@preact/signals';
import { jumpToEvidence } from './alert_band.js';
import { armedStep, disarmStep, inHand, nextStep, pressStep } from './alerts.js';
import { copyOpen, found, openCard, openOne } from './cards.js';
import { toggleTemplates } from './compose_templates.js';
import { accept, dismiss, keep, letGo, undo } from './deeds.js';
import { reach, setReadTyped } from './hand.js';
import { cardAsContact, cardAsScreen, cardAsText } from './hand_keys.js';
import { useNumber } from './heard.js';
import { armed, call, choose, disarm, may, mine, pressHangUp, readyKey } from './house.js';
import { knowNewest } from './live.js';
import { seeNote } from './notes.js';
import { askReason, closePanel, openTransfer, panel, reportWrong, toggleRecord, togglePhoto, togglePicker, writeText } from './panel.js';
import { undoKept, undoableRecord } from './records_kept.js';
import { toggleRecording } from './recording.js';
import { toggleLanguages } from './spoken.js';
import { undoText, undoable } from './text_undo.js';
import { closeAsking, writtenKey } from './threads_keys.js';
import { showNewest } from './transcript.js';
import { dismiss as dismissTransfer, go, steps, toggleHold } from './transfer.js';
import { captioned } from './visit.js';

const KEPT = 'minwon.letters';
/** The letter that opened a panel closes it. @type {Record<string, string>} */
const PANEL_KEYS = { photo: 'KeyP', record: 'KeyD' };
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
  /** @type {Record<string, () => unknown>} */
  const always = {
    F2: () => { if (panel.value?.kind === 'text') toggleTemplates(); else if (call.value) cardAsText(openOne()); },
    F3: () => call.value && cardAsScreen(openOne()),
    F4: () => call.value && cardAsContact(openOne()),
    F7: seeNote,
    F6: toggleRecording,
    F8: togglePicker,
    F9: () => { const next = readyKey(); if (next) choose(next); },
    F10: pressHangUp,
    Escape: escape,
  };
  /** @type {Record<string, () => unknown>} */
  const outsideFields = {
    Slash: () => document.getElementById('search')?.focus(),
    'Shift+Slash': page.toggleHelp,
    Digit1: () => openCard(0),
    Digit2: () => openCard(1),
    Digit3: () => openCard(2),
    KeyC: copyOpen,
    KeyA: () => accept(openOne()),
    KeyX: () => dismiss(openOne()),
    Delete: () => dismiss(openOne()),
    KeyZ: () => { if (undoable.value) undoText(writeText); else if (undoableRecord.value) undoKept(); else undo(); },
    KeyK: () => keep(openOne()),
    KeyE: () => reportWrong(openOne()),
    KeyW: () => { const alert = inHand(); const step = nextStep(alert); if (step) pressStep(alert, step, askReason); },
    KeyY: () => pressStep(inHand(), 'ended', askReason),
    KeyL: () => pressStep(inHand(), 'closed', askReason),
    KeyN: () => pressStep(inHand(), 'dismissed', askReason),
    KeyJ: jumpToEvidence,
    KeyG: knowNewest,
    KeyD: toggleRecord,
    KeyI: () => { if (may('supervisor')) goTo('#/issues'); },
    KeyT: () => { if (steps().includes('connect')) go('connect'); else openTransfer(openOne()); },
    KeyV: () => go('join'),
    KeyQ: () => { if (steps().length) go('back'); else dismissTransfer(); },
    KeyM: toggleHold,
    KeyS: toggleLanguages,
    KeyU: () => { if (mine.value.state === 'wrap_up') choose('wrap_up'); },
    KeyP: togglePhoto,
    KeyR: () => { if (call.value && captioned(call.value.visit.value)) setReadTyped(!reach.value?.read_typed); },
    KeyF: () => goTo('#/texts'),
    KeyH: () => goTo('#/calls'),
    KeyO: () => goTo('#/outbox'),
    KeyB: () => goTo('#/callbacks'),
    End: showNewest,
  };
  addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.isComposing || event.repeat) return;
    if (page.helpOpen() && event.code !== 'F10') return;
    if (event.altKey) {
      const number = Number(/^Digit([1-9])$/.exec(event.code)?.[1]);
      if (!number || !call.value) return;
      event.preventDefault();
      useNumber(call.value, number);
      return;
    }
    const typing = event.target instanceof HTMLTextAreaElement || (event.target instanceof HTMLInputElement && event.target.type === 'text');
    const name = event.shiftKey ? `Shift+${event.code}` : event.code;
    // What lies over the cards has its own keys: only the one that closes it again counts.
    const open = panel.value && PANEL_KEYS[panel.value.kind];
    const mayLetter = !typing && (letters.value || event.code === 'End') && (!panel.value || open === event.code);
    const deed = always[event.code] ?? (mayLetter ? writtenKey(name) ?? outsideFields[name] : undefined);
    if (!deed) return;
    event.preventDefault();
    deed();
  });
}

/** To a page, or back from it to the call. @param {string} hash */
function goTo(hash) {
  location.hash = location.hash.startsWith(hash) ? '#/' : hash;
}

/** Let go of one thing at a time, the most dangerous first. */
function escape() {
  if (armed.value) disarm();
  else if (armedStep.value) disarmStep();
  else if (closeAsking()) return;
  else if (panel.value) closePanel();
  else if (found.value) found.value = null;
  else if (call.value?.cards.value.pinned) letGo();
  else if (!['', '#/'].includes(location.hash)) location.hash = '#/';
}
