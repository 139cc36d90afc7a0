// What she can put into the caller's hand: what is possible now, why not, and what to do then.
import { effect, signal } from '@preact/signals';
import { Fault, push, reachOf, readTyped, sendLink } from './api.js';
import { call, mine, tell } from './house.js';
import { known, say } from './messages.js';
import { page } from './visit.js';

/** How the caller of the call on the desk can be reached; null while nobody has said. */
export const reach = signal(/** @type {import('./types.js').Reach | null} */ (null));

/** Ask how the caller can be reached, whenever another call comes to the desk; again if it could not be said. */
export function followReach() {
  effect(() => {
    const reachable = mine.value.state === 'talking' || mine.value.state === 'wrap_up' || call.value?.facts.value.way === 'written';
    const id = reachable ? call.value?.id : '';
    if (id !== asked) load(id ?? '');
  });
  // A caller who has given a mobile number is reached by it from now on.
  effect(() => {
    const current = call.value;
    if (current?.asked.value?.state === 'confirmed') load(current.id);
  });
}

/** Whose reach is known or on its way. */
let asked = '';

/** @param {string} id */
async function load(id) {
  if (asked !== id) reach.value = null;
  asked = id;
  if (!id) return;
  try {
    const answer = await reachOf(id);
    if (asked === id) reach.value = answer;
  } catch {
    if (asked === id) asked = '';
  }
}

/** Try again what could not be said. */
export function loadReach() {
  const id = call.value?.id;
  if (id && !reach.value && asked !== id) load(id);
}

/**
 * Why the caller cannot be shown or sent something now; '' = she can.
 * @param {'page' | 'text' | 'link'} way
 * @returns {'' | 'no_call' | 'no_page' | 'not_a_mobile' | 'no_link'}
 */
export function hindrance(way) {
  const current = call.value;
  if (!current) return 'no_call';
  if (way === 'page') return ['open', 'lost'].includes(page(current.visit.value)) ? '' : 'no_page'; // a lost one shows it when it is back
  if (reach.value && !reach.value.mobile) return 'not_a_mobile';
  return way === 'link' && reach.value && !reach.value.link ? 'no_link' : '';
}

/**
 * The reason in words, with the next step.
 * @param {string} reason
 */
export function inWords(reason) {
  if (reason !== 'no_page') return say(`hand.${reason}`);
  const next = !hindrance('link') ? 'hand.next_link' : reach.value?.entry ? 'hand.next_code' : 'hand.next_voice';
  return `${say('hand.no_page')} ${say(next, { entry: reach.value?.entry ?? '' })}`;
}

/**
 * @param {import('./types.js').Push} what
 * @param {string} title
 */
export function show(what, title) {
  const lost = call.value && page(call.value.visit.value) === 'lost';
  return attempt('page', (id) => push(id, what), say(lost ? 'hand.shown_later' : 'hand.shown', { title }));
}

/**
 * From now on the caller's keys are the six digits of a page that she opens by its address.
 * @param {string} entry
 */
export function join(entry) {
  return attempt('', (id) => push(id, { kind: 'screen', id: '@join' }), say('hand.join', { entry }));
}

export function link() {
  return attempt('link', sendLink, say('hand.link_sent'));
}

/** @param {boolean} on */
export async function setReadTyped(on) {
  const done = await attempt('', (id) => readTyped(id, on), say(on ? 'captions.read_on' : 'captions.read_off'));
  if (done && reach.value) reach.value = { ...reach.value, read_typed: on };
}

/**
 * A deed for the caller of this call; true when it was done.
 * @param {'' | 'page' | 'text' | 'link'} way
 * @param {(id: string) => Promise<unknown>} deed
 * @param {string} done  What is told then.
 */
export async function attempt(way, deed, done) {
  const reason = way && hindrance(way);
  const id = call.value?.id;
  if (reason || !id) {
    tell(inWords(reason || 'no_call'));
    return false;
  }
  try {
    await deed(id);
  } catch (trouble) {
    if (!(trouble instanceof Fault)) throw trouble;
    tell(known(`hand.${trouble.code}`) ? inWords(trouble.code) : say('bar.failed', { reason: trouble.message }));
    return false;
  }
  tell(done);
  return true;
}
