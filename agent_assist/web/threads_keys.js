// Keys of an open written contact: beside the cards' keys, in place of those that are for a talk.
import { ask, asking } from './threads_asking.js';
import { file, isHers, shownId, take } from './written.js';

/** @type {Record<string, () => unknown>} */
const KEYS = {
  KeyR: () => { if (isHers.value) document.getElementById('answer')?.focus(); else if (file.value) take(shownId.value); },
  KeyT: () => { if (isHers.value) ask('hand'); },
  KeyY: () => { if (isHers.value) ask('close'); },
};

/** The key's deed while one is open; undefined = the key is somebody else's. @param {string} name */
export const writtenKey = (name) => (shownId.value ? KEYS[name] : undefined);

/** Esc closes the question first. Whether there was one. */
export function closeAsking() {
  const was = asking.value !== '';
  asking.value = '';
  return was;
}
