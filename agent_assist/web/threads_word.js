// Who writes, as the desk says it.
import { grouped } from './format.js';
import { say } from './messages.js';

/** Of one that nobody has taken the last four digits alone are told. @param {import('./types.js').Written} written */
export function writerWord({ party, channel }) {
  if (channel === 'text' && party.number.length === 4) return say('threads.last4', { digits: party.number });
  return (channel === 'text' ? grouped(party.number) : party.name || party.number) || party.name || say('threads.unknown');
}
