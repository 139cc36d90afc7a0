// What the server says of the house goes where it belongs: to what the page knows, to her call, to lists of their own.
import { batch } from '@preact/signals';
import { signIn } from './api.js';
import { Call } from './call.js';
import { agent, awayReasons, centre, hotDesk, languages, link, live, may, mine, notice, now, queue, recordingRule, wrapUp } from './house.js';
import { loadWatch, takeAlert, takeIssue } from './issues.js';
import { connect } from './link.js';
import { notes, takeNote } from './notes.js';
import { countWaiting, waiting } from './records_kept.js';
import { loadWritten, takeWritten } from './written.js';

/** The server's clock minus ours, in ms. */
let skew = 0;

/** Begin: connect and let the clock tick. */
export function begin() {
  connect({
    address: () => `/desk/ws?${new URLSearchParams({ call: live.value?.id ?? '', after: String(live.value?.last ?? 0) })}`,
    first: 'Hello',
    take,
    status: (status) => { link.value = status; },
    signedOut: signIn,
  });
  setInterval(() => { now.value = Date.now() + skew; }, 1000);
}

/** @param {import('./types.js').Message} message */
function take(message) {
  switch (message.type) {
    case 'Hello':
      batch(() => {
        skew = Date.parse(message.now) - Date.now();
        now.value = Date.now() + skew;
        agent.value = message.agent;
        centre.value = message.centre;
        hotDesk.value = message.hot_desk ?? false;
        languages.value = message.languages ?? [];
        recordingRule.value = message.recording ?? recordingRule.value;
        awayReasons.value = message.away_reasons ?? [];
        notes.value = message.notes ?? [];
        wrapUp.value = message.wrap_up_s;
        queue.value = { expect_s: 0, ...message.queue };
        follow(message.state);
      });
      if (may('supervisor')) loadWatch();
      loadWritten();
      countWaiting();
      return;
    case 'Still':
      return;
    case 'AgentStateChanged':
      return batch(() => follow(message));
    case 'QueueChanged':
      queue.value = { expect_s: 0, ...message };
      return;
    case 'NoteSent':
      return takeNote(message);
    case 'IssueChanged':
      return takeIssue(message);
    case 'RecordsToConfirm':
      waiting.value = message.count;
      return;
    case 'WrittenChanged':
      return takeWritten(message);
    case 'History':
      if (message.call_id !== live.value?.id) return;
      if (message.after === 0 && live.value.last > 0) live.value = new Call(message.call_id);
      return live.value.catchUp(message.events);
    default:
      if (message.type === 'AlertChanged' && may('supervisor')) takeAlert(message);
      if (message.call_id === live.value?.id) live.value.take(message);
  }
}

/** @param {import('./types.js').AgentStateChanged} state */
function follow(state) {
  mine.value = { ...state, by: state.by ?? '', leaving: state.leaving ?? '', leaving_by: state.leaving_by ?? '' };
  if (state.extension !== undefined && state.extension !== agent.value.extension) agent.value = { ...agent.value, extension: state.extension };
  notice.value = '';
  if (!state.busy_call) live.value = null;
  else if (state.busy_call !== live.value?.id) live.value = new Call(state.busy_call);
}
