// Questions to the server. A refusal is a `Fault` with a sentence for the agent.
import { known, say } from './messages.js';

export class Fault extends Error {
  /** @param {string} code @param {string} message */
  constructor(code, message) {
    super(known(`error.${code}`) ? say(`error.${code}`) : message);
    this.code = code;
  }
}

/**
 * @param {string} path
 * @param {RequestInit} [options]
 * @returns {Promise<any>}
 */
async function ask(path, options) {
  let answer;
  try {
    answer = await fetch(`/desk/api/${path}`, options);
  } catch (trouble) {
    if (options?.signal?.aborted) throw trouble;
    throw new Fault('offline', '');
  }
  if (answer.status === 401) signIn();
  if (answer.status === 204) return null;
  const content = await answer.json().catch(() => ({ code: 'offline', message: '' }));
  if (!answer.ok) throw new Fault(content.code, content.message);
  return content;
}

/** Leave for the sign-in page; it brings her back here. */
export function signIn() {
  location.assign('/signin?next=/desk');
}

/** @param {'ready' | 'away'} state */
export const setState = (state) => ask('state', { method: 'POST', body: JSON.stringify({ state }) });

/** @param {string} callId */
export const hangUp = (callId) => ask(`calls/${encodeURIComponent(callId)}/hangup`, { method: 'POST' });

/** @param {string} query @param {AbortSignal} signal @returns {Promise<{results: import('./types.js').Suggestion[]}>} */
export const search = (query, signal) => ask(`search?q=${encodeURIComponent(query)}`, { signal });

/** @param {string} id @returns {Promise<import('./types.js').Entry>} */
export const entry = (id) => ask(`entries/${encodeURIComponent(id)}`);

/**
 * @param {Record<string, string>} filter
 * @returns {Promise<{calls: import('./types.js').CallSummary[], more: boolean}>}
 */
export const calls = (filter) => ask(`calls?${new URLSearchParams(filter)}`);

/** @param {string} id @returns {Promise<{call: import('./types.js').CallSummary, events: import('./types.js').CallEvent[]}>} */
export const pastCall = (id) => ask(`calls/${encodeURIComponent(id)}`);
