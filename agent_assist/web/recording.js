// Whether the call on the desk is recorded, and the key that pauses it.
import { computed } from '@preact/signals';
import { record } from './api.js';
import { attempt, live, recordingRule } from './house.js';
import { say } from './messages.js';
import { inTalk } from './transfer.js';
import { Key, html } from './view.js';

/** @typedef {'recording' | 'paused' | 'not' | 'failed'} Recorded */

/** How it is with this call; null where this house records nothing. @type {import('@preact/signals').ReadonlySignal<Recorded | null>} */
export const recorded = computed(() => {
  const { start } = recordingRule.value;
  const event = live.value?.recording.value;
  if (event?.state === 'started' || event?.state === 'resumed') return 'recording';
  if (event?.state === 'paused' || event?.state === 'failed') return event.state;
  return start === 'off' ? null : 'not';
});

/** Why it is not recorded though it should be, in a sentence; '' = nobody told. */
export function whyNot() {
  const event = live.value?.recording.value;
  return event?.state === 'failed' && event.reason ? say(`recording.why.${event.reason}`) : '';
}

/** What the key would do now, '' = nothing. */
const step = computed(() => {
  const { start, pause } = recordingRule.value;
  if (recorded.value === 'recording') return pause ? 'pause' : start === 'agent' ? 'stop' : '';
  if (recorded.value === 'paused') return 'resume';
  return recorded.value === null || start === 'consent' ? '' : 'start';
});

/** The key. */
export function toggleRecording() {
  const id = live.value?.id;
  const wish = step.value;
  if (id && inTalk.value && wish) attempt(() => record(id, wish));
}

/** In the bar, as wide in every state: nothing beside it moves. */
export function RecordingKey() {
  const how = recorded.value;
  if (how === null || !inTalk.value) return null;
  const why = whyNot() || undefined;
  const words = html`<i class="lamp" aria-hidden="true"></i>${say(`recording.${how}`)}`;
  if (!step.value) return html`<p class=${`recorded of-${how}`} role="status" title=${why}>${words}</p>`;
  return html`
    <button class=${`recorded of-${how}`} title=${why} aria-label=${`${say(`recording.${how}`)}. ${say(`recording.do_${step.value}`)}`} onClick=${toggleRecording}>
      ${words} <${Key}>F6<//>
    </button>`;
}
