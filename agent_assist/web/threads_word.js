// Who writes, as the desk says it.
import { grouped } from './format.js';
import { say } from './messages.js';

/** @param {import('./types.js').Written} written */
export function writerWord({ party, channel }) {
  return (channel === 'text' ? grouped(party.number) : party.name || party.number) || party.name || say('threads.unknown');
}
