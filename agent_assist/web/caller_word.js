// The caller's number as the desk says it.
import { grouped } from './format.js';
import { say } from './messages.js';

/** @param {import('./types.js').Party} caller */
export function callerWord(caller) {
  if (caller.anonymous) return say('caller.anonymous');
  return caller.number ? grouped(caller.number) : say('caller.unknown');
}
