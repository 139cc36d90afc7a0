// Holding the caller and passing her on: what is possible now, and the deeds.
import { computed, signal } from '@preact/signals';
import { Fault, hold, passOn, transferStep } from './api.js';
import { agent, attempt, call, canHangUp } from './house.js';
import { say } from './messages.js';

/** @typedef {import('./types.js').TransferChanged} TransferChanged */

/** States in which something is still going on. */
const RUNNING = ['ringing', 'talking', 'conference'];
/** The newest transfer whose end she has taken note of. */
const seen = signal('');
/** One state of one transfer of one call. @param {string} id @param {TransferChanged} transfer */
const mark = (id, transfer) => `${id} ${transfer.transfer_id} ${transfer.state}`;

/** The transfer that the band shows, null = none. */
export const shown = computed(() => {
  const current = call.value;
  const transfer = current?.transfer.value;
  if (!current || !transfer || current.facts.value.ended) return null;
  return seen.value === mark(current.id, transfer) ? null : transfer;
});

/** Whether she is the one who passes the caller on. */
export const isMine = computed(() => shown.value?.by === agent.value.id);

/** Whether something may be done with it now. @param {TransferChanged | null} transfer */
export const runs = (transfer) => transfer !== null && RUNNING.includes(transfer.state);

/** Whether she talks with a caller whom we can hold and pass on: not where the exchange has the call. */
export const inTalk = computed(() => canHangUp.value && call.value !== null && call.value.facts.value.joined !== null);

/** Whether she may begin to pass the caller on. */
export const canPassOn = computed(() => inTalk.value && !runs(shown.value));

/** Whether she has put the caller on hold herself. */
export const onHold = computed(() => call.value?.facts.value.heldBy === 'agent');

/**
 * What the band offers now.
 * @returns {('connect' | 'join' | 'back')[]}
 */
export function steps() {
  const transfer = shown.value;
  if (!transfer || !isMine.value) return [];
  if (transfer.state === 'ringing') return ['back'];
  if (transfer.state === 'talking') return ['connect', 'join', 'back'];
  return transfer.state === 'conference' ? ['connect', 'back'] : [];
}

/** The band's end has been read. */
export function dismiss() {
  const transfer = shown.value;
  if (call.value && transfer && !runs(transfer)) seen.value = mark(call.value.id, transfer);
}

/** @param {'connect' | 'join' | 'back'} step */
export function go(step) {
  const id = call.value?.id;
  if (id && steps().includes(step)) attempt(() => transferStep(id, step));
}

/** M: music for the caller, or no longer. */
export function toggleHold() {
  const id = call.value?.id;
  if (id && canPassOn.value) attempt(() => hold(id, !onHold.value));
}

/**
 * Pass the caller on; why not, in words, '' when it has begun.
 * @param {import('./types.js').Target} target
 * @param {'blind' | 'consult'} way
 */
export async function pass({ kind, id }, way) {
  const current = call.value;
  if (!current || !canPassOn.value) return say('error.no_step');
  try {
    await passOn(current.id, { kind, id, way });
  } catch (trouble) {
    if (!(trouble instanceof Fault)) throw trouble;
    return trouble.message;
  }
  return '';
}
