// Entries of the consultation database, loaded once each, ahead of the moment when they are opened.
import { signal } from '@preact/signals';
import { entry } from './api.js';

/** @typedef {{entry: import('./types.js').ReadEntry | null, failed: boolean}} Loaded */

const MOST = 60;
/** @type {Map<string, import('@preact/signals').Signal<Loaded>>} */
const loaded = new Map();

/**
 * The entry with this id, as a signal that fills when it has come. A failed one is tried again when asked again.
 * @param {string} id
 */
export function entryOf(id) {
  let found = loaded.get(id);
  if (found) return found;
  found = signal({ entry: null, failed: false });
  loaded.set(id, found);
  const [oldest] = loaded.keys();
  if (loaded.size > MOST) loaded.delete(oldest);
  load(id, found);
  return found;
}

/** @param {string} id */
export function again(id) {
  const found = loaded.get(id);
  if (found?.peek().failed) load(id, found);
}

/**
 * @param {string} id
 * @param {import('@preact/signals').Signal<Loaded>} into
 */
async function load(id, into) {
  try {
    into.value = { entry: await entry(id), failed: false };
  } catch {
    into.value = { entry: null, failed: true };
  }
}
