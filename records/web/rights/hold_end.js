// A legal hold is ended, with a reason.
import { part, post } from 'desk/office/ask.js';
import { confirm } from 'desk/office/confirm.js';
import { act } from 'desk/office/notice.js';
import { say } from 'desk/office/words.js';

/** @typedef {import('./types.js').Hold} Hold */

/** @param {Hold} hold @param {string} today */
export const inForce = (hold, today) => hold.ended_at === null && (hold.until === null || hold.until >= today);

/** Whether anybody went through with it. @param {Hold} hold */
export async function askToEnd(hold) {
  const reason = await confirm({ title: say('holds.end_ask', { title: hold.title }), text: say('holds.end_text'), yes: say('holds.end'), danger: true, write: { label: say('rights.reason'), needed: true } });
  if (reason === null) return false;
  await act(() => post(`rights/holds/${part(hold.hold_id)}/end`, { reason }), say('holds.ended_now'));
  return true;
}
