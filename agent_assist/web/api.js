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
  // An answer that breaks off, or that nobody waits for any more, is no answer, whatever its status was.
  const content = await answer.json().catch(() => null);
  if (!answer.ok || content === null) throw new Fault(content?.code ?? 'offline', content?.message ?? '');
  return content;
}

/** Leave for the sign-in page; it brings her back here. */
export function signIn() {
  location.assign('/signin?next=/desk');
}

/** @param {string} path @param {unknown} [content] @param {AbortSignal} [signal] */
const post = (path, content, signal) => ask(path, { method: 'POST', signal, ...(content !== undefined && { body: JSON.stringify(content) }) });

/** @param {'ready' | 'away' | 'wrap_up'} state @param {string} [reason] why she is away */
export const setState = (state, reason) => post('state', { state, ...(reason && { reason }) });

/** @param {string} noteId */
export const noteSeen = (noteId) => post(`notes/${encodeURIComponent(noteId)}/seen`);

/** @param {string} callId */
export const hangUp = (callId) => post(`calls/${encodeURIComponent(callId)}/hangup`);

/** @param {string} extension */
export const sit = (extension) => post('extension', { extension });

// Holding and passing on.

/** @param {string} callId @param {boolean} on */
export const hold = (callId, on) => post(`calls/${encodeURIComponent(callId)}/hold`, { on });

/** @param {string} callId @param {'start' | 'pause' | 'resume' | 'stop'} step */
export const record = (callId, step) => post(`calls/${encodeURIComponent(callId)}/recording`, { step });

/** @param {string} callId @param {string} language */
export const speaks = (callId, language) => post(`calls/${encodeURIComponent(callId)}/language`, { language });

/** @param {string} q @param {AbortSignal} signal @returns {Promise<import('./types.js').TargetList>} */
export const targets = (q, signal) => ask(`targets?${new URLSearchParams({ q })}`, { signal });

/** @param {string} callId @param {import('./types.js').PassOn} what */
export const passOn = (callId, what) => post(`calls/${encodeURIComponent(callId)}/transfer`, what);

/** @param {string} callId @param {import('./types.js').TransferStep['step']} step */
export const transferStep = (callId, step) => post(`calls/${encodeURIComponent(callId)}/transfer/step`, { step });

/** @param {{q: string, category: string, department: string}} wanted @param {AbortSignal} signal @returns {Promise<{results: import('./types.js').Suggestion[]}>} */
export const search = (wanted, signal) => ask(`search?${new URLSearchParams(wanted)}`, { signal });

/** @returns {Promise<import('./types.js').Shelves>} */
export const shelves = () => ask('shelves');

/** @param {string} id @returns {Promise<import('./types.js').ReadEntry>} */
export const entry = (id) => ask(`entries/${encodeURIComponent(id)}`);

/**
 * @param {Record<string, string>} filter
 * @returns {Promise<{calls: import('./types.js').CallSummary[], more: boolean}>}
 */
export const calls = (filter) => ask(`calls?${new URLSearchParams(filter)}`);

/** @param {string} id @returns {Promise<{call: import('./types.js').CallSummary, events: import('./types.js').CallEvent[]}>} */
export const pastCall = (id) => ask(`calls/${encodeURIComponent(id)}`);

// The caller's own screen.

/** @param {string} callId @returns {Promise<import('./types.js').Reach>} */
export const reachOf = (callId) => ask(`calls/${encodeURIComponent(callId)}/reach`);

/** @param {string} callId @param {import('./types.js').Push} what */
export const push = (callId, what) => post(`calls/${encodeURIComponent(callId)}/push`, what);

/** @param {string} callId */
export const sendLink = (callId) => post(`calls/${encodeURIComponent(callId)}/link`);

/** @param {string} callId @param {string} entryId @returns {Promise<import('./types.js').TextOffer>} */
export const textOffer = (callId, entryId) => ask(`calls/${encodeURIComponent(callId)}/text?${new URLSearchParams({ entry: entryId })}`);

/** @param {string} callId @param {import('./types.js').TextToSend} what @returns {Promise<{message_id: string}>} */
export const sendText = (callId, what) => post(`calls/${encodeURIComponent(callId)}/text`, what);

/** @param {string} text @param {string} subject @returns {Promise<import('./types.js').TextLook>} */
export const lookAt = (text, subject) => post('text_look', { text, subject });

/** @param {string} id */
export const takeBack = (id) => post(`texts/${encodeURIComponent(id)}/back`);

/** @param {string} id @param {{key: string, sure: string[]}} what @returns {Promise<{message_id: string}>} */
export const textAgain = (id, what) => post(`texts/${encodeURIComponent(id)}/again`, what);

/** @param {string} callId @param {import('./types.js').NumberWish} wish */
export const askNumber = (callId, wish) => post(`calls/${encodeURIComponent(callId)}/number`, wish);

/** @param {string} callId @param {boolean} on */
export const readTyped = (callId, on) => post(`calls/${encodeURIComponent(callId)}/read`, { on });

/** @param {string} id @param {boolean} [preview] */
export const photo = (id, preview) => `/desk/api/photos/${encodeURIComponent(id)}${preview ? '?preview=1' : ''}`;

/** @param {Record<string, string>} filter @returns {Promise<import('./types.js').OutboxPage>} */
export const outbox = (filter) => ask(`outbox?${new URLSearchParams(filter)}`);

/** @param {Record<string, string>} filter @returns {Promise<import('./types.js').CallbackPage>} */
export const callbacks = (filter) => ask(`callbacks?${new URLSearchParams(filter)}`);

/** @param {string} id @param {'done' | 'cancel'} deed */
export const closeCallback = (id, deed) => post(`callbacks/${encodeURIComponent(id)}/${deed}`);

// Written contacts.

/** @returns {Promise<import('./types.js').WrittenList>} */
export const openWritten = () => ask('written');

/** @param {Record<string, string>} filter @returns {Promise<import('./types.js').WrittenPage>} */
export const closedWritten = (filter) => ask(`written/closed?${new URLSearchParams(filter)}`);

/** @param {string} id @returns {Promise<import('./types.js').WrittenFile>} */
export const writtenFile = (id) => ask(`written/${encodeURIComponent(id)}`);

/** @param {string} id @param {'take' | 'back' | 'close'} deed @param {{reason: string}} [content] */
export const writtenDeed = (id, deed, content) => post(`written/${encodeURIComponent(id)}/${deed}`, content);

/** @param {string} id @param {string} to */
export const handWritten = (id, to) => post(`written/${encodeURIComponent(id)}/hand`, { to });

/** @returns {Promise<import('./types.js').ColleagueList>} */
export const colleagues = () => ask('colleagues');

// Counselling records.

/** @param {string} contactId @returns {Promise<import('./types.js').RecordForm>} */
export const recordForm = (contactId) => ask(`records/${encodeURIComponent(contactId)}`);

/** @param {string} contactId @param {import('./types.js').KeepRecord} what @returns {Promise<import('./types.js').ContactRecord>} */
export const keepRecord = (contactId, what) => post(`records/${encodeURIComponent(contactId)}`, what);

/** @param {string} contactId @param {number} basedOn @returns {Promise<import('./types.js').ContactRecord>} */
export const undoRecord = (contactId, basedOn) => post(`records/${encodeURIComponent(contactId)}/undo`, { based_on: basedOn });

/** Not now: it waits on her list. @param {string} contactId @returns {Promise<{count: number}>} */
export const recordLater = (contactId) => post(`records/${encodeURIComponent(contactId)}/later`);

/** @returns {Promise<{count: number}>} */
export const recordsWaiting = () => ask('records');

/** @param {string} contactId @returns {Promise<import('./types.js').PersonSeen>} */
export const person = (contactId) => ask(`calls/${encodeURIComponent(contactId)}/person`);

// Cards, alerts, issues.

/** @param {string} entryId @param {string} fileId */
export const attachment = (entryId, fileId) => `/desk/api/entries/${encodeURIComponent(entryId)}/attachments/${encodeURIComponent(fileId)}`;

/** Also when the page is being left. @param {string} callId @param {import('./types.js').UseCard} use */
export const useCard = (callId, use) => ask(`calls/${encodeURIComponent(callId)}/cards`, { method: 'POST', body: JSON.stringify(use), keepalive: true });

/** @param {string} entryId @param {import('./types.js').ReportEntry} what */
export const reportEntry = (entryId, what) => post(`entries/${encodeURIComponent(entryId)}/wrong`, what);

/** @returns {Promise<{procedures: import('./types.js').Procedure[]}>} */
export const procedures = () => ask('procedures');

/** @param {string} callId @param {string} alertId @param {import('./types.js').AlertStep} step */
export const alertStep = (callId, alertId, step) => post(`calls/${encodeURIComponent(callId)}/alerts/${encodeURIComponent(alertId)}`, step);

/** @param {string} callId @param {string} ruleId */
export const dismissReminder = (callId, ruleId) => post(`calls/${encodeURIComponent(callId)}/reminders/${encodeURIComponent(ruleId)}/dismiss`);

/** @returns {Promise<{alerts: import('./types.js').AlertChanged[]}>} */
export const openAlerts = () => ask('alerts');

/** @returns {Promise<{issues: import('./types.js').IssueChanged[]}>} */
export const issues = () => ask('issues');

/** @param {string} id */
export const seeIssue = (id) => post(`issues/${encodeURIComponent(id)}/seen`);
