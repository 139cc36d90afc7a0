// The house as the server tells it: one picture, kept by differences. One signal a row, so that one tile is drawn anew, not
// three hundred.
import { batch, computed, signal } from '@preact/signals';
import { connect } from '../link.js';
import { me } from '../office/me.js';
import { merged } from './patch.js';

/** @typedef {import('./types.js').Picture} Picture */

/** @type {Picture} */
const NOTHING = { agents: {}, calls: {}, alerts: {}, written: {}, issues: {}, house: { queue: {}, figures: {} } };

export const link = signal(/** @type {'connecting' | 'live' | 'lost' | 'refused'} */ ('connecting'));
export const picture = signal(NOTHING);
/** Why one may be away, as the city has set it. */
export const reasons = signal(/** @type {string[]} */ ([]));
/** Whether the first picture has come. */
export const begun = signal(false);
/** When the newest message came, by our clock: for those who measure. */
export const told = { at: 0, count: 0 };

let skew = 0;
/** The server's time, once a second. */
export const now = signal(Date.now());

/** Rows that were once asked for, by section and id. @type {Map<string, import('@preact/signals').Signal<any>>} */
const rows = new Map();

/**
 * One row, undefined when it is gone.
 * @template {'agents' | 'calls' | 'written'} S
 * @param {S} section
 * @param {string} id
 * @returns {Picture[S][string] | undefined}
 */
export function row(section, id) {
  const key = `${section} ${id}`;
  let kept = rows.get(key);
  if (!kept) rows.set(key, kept = signal(picture.peek()[section][id]));
  return kept.value;
}

export const agents = computed(() => picture.value.agents);
export const calls = computed(() => picture.value.calls);
export const alerts = computed(() => picture.value.alerts);
export const written = computed(() => picture.value.written);
export const issues = computed(() => picture.value.issues);
export const queue = computed(() => picture.value.house.queue);
export const figures = computed(() => picture.value.house.figures);

/** @param {Picture} next @param {Record<string, Record<string, any>>} [patch] which rows may have changed; without: all */
function put(next, patch) {
  batch(() => {
    picture.value = next;
    for (const [key, kept] of rows) {
      const [section, id] = [key.slice(0, key.indexOf(' ')), key.slice(key.indexOf(' ') + 1)];
      if (patch && !(id in (patch[section] ?? {}))) continue;
      kept.value = next[/** @type {'agents'} */ (section)][id];
      if (kept.value === undefined) rows.delete(key); // nobody comes back by that id
    }
  });
}

/** @param {import('./types.js').WholeMessage | import('./types.js').DifferenceMessage | {type: 'Still'}} message */
function take(message) {
  if (message.type === 'Still') return;
  told.at = performance.now();
  told.count += 1;
  if (message.type === 'WallDifference') return put(merged(picture.peek(), message.patch), message.patch);
  batch(() => {
    skew = Date.parse(message.now) - Date.now();
    now.value = Date.now() + skew;
    me.value = { ...me.value, ...message.agent, roles: /** @type {import('../office/me.js').Role[]} */ (message.agent.roles), centre: message.centre };
    reasons.value = message.reasons;
    put({ ...NOTHING, ...message.picture });
    begun.value = true;
  });
}

/** Seconds since a moment. @param {string | undefined} at */
export const lasted = (at) => (at ? Math.max(0, (now.value - Date.parse(at)) / 1000) : 0);

export function begin() {
  connect({
    address: () => '/wall/ws',
    first: 'WallPicture',
    take,
    status: (status) => { link.value = status; },
    signedOut: () => location.assign('/signin?next=/wall'),
  });
  setInterval(() => { now.value = Date.now() + skew; }, 1000);
}
