// What a supervisor does with an agent or a call. The server says no where it must; the reason is said in a sentence.
import { signal } from '@preact/signals';
import { part, post } from '../office/ask.js';
import { me } from '../office/me.js';
import { act, tell } from '../office/notice.js';
import { say } from '../office/words.js';
import { agents, calls } from './picture.js';
import { meant } from './view.js';

/** @typedef {'note' | 'state' | 'takeover' | ''} Form */

/** What is being written beside the chosen. */
export const form = signal(/** @type {Form} */ (''));
/** Her phone is being called: until it answers nothing else is begun. */
export const ringing = signal('');

/** Whether her phone can take part in a call. @param {import('./types.js').CallRow | undefined} call */
export const canJoin = (call) => call !== undefined && call.stage === 'talking' && (call.way ?? 'bridge') === 'bridge' && call.agent !== me.value.id;

/** The call in which her own phone takes part, '' = none. */
const watching = () => Object.entries(calls.value).find(([, call]) => call.supervisor === me.value.id)?.[0] ?? '';

/** @param {import('./types.js').Mode | null} mode */
export async function join(mode) {
  const callId = mode === null ? watching() : meant.value.callId;
  if (!callId || ringing.value || (mode && !canJoin(calls.value[callId]))) return;
  const here = calls.value[callId]?.supervisor === me.value.id;
  if (mode && !here) {
    ringing.value = callId;
    tell(say('deed.ringing'));
  }
  await act(() => post(`calls/${part(callId)}/supervision`, { mode }), mode && !here ? say(`deed.joined.${mode}`) : undefined);
  ringing.value = '';
}

/** @param {Form} wanted */
export function open(wanted) {
  const { agentId, callId } = meant.value;
  const possible = wanted === 'takeover' ? canJoin(calls.value[callId]) : wanted === 'note' || agentId !== '';
  if (possible) form.value = form.value === wanted ? '' : wanted;
}

export function close() {
  form.value = '';
}

/** @param {string} callId @param {string} reason */
export async function takeOver(callId, reason) {
  ringing.value = callId;
  const done = await act(() => post(`calls/${part(callId)}/takeover`, { reason }).then(() => true), say('deed.taken_over'));
  ringing.value = '';
  if (done) close();
}

/** @param {string} agentId @param {string} state @param {string} reason */
export async function setState(agentId, state, reason) {
  const name = agents.value[agentId]?.name ?? agentId;
  const done = await act(() => post(`agents/${part(agentId)}/state`, { state, reason }).then(() => true), say('deed.state', { name, state: say(`set.${state}`) }));
  if (done) close();
}

/** What she would be after this call is taken back. @param {string} agentId */
export const stays = (agentId) => act(() => post(`agents/${part(agentId)}/stays`), say('deed.stays', { name: agents.value[agentId]?.name ?? agentId }));

/** @param {{agent?: string, team?: string}} to @param {string} text */
export async function sendNote(to, text) {
  const sent = await act(() => post('notes', { ...to, text }));
  if (!sent) return;
  tell(say('deed.note', { desks: sent.desks }));
  close();
}
