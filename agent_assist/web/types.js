// The shapes that come from the server, as in core/events.py and core/store/contract.py. Types only, nothing runs here.

/** @typedef {'caller' | 'agent'} Speaker */
/** @typedef {'away' | 'ready' | 'offered' | 'talking' | 'wrap_up'} AgentState */

/** @typedef {{number: string, name: string, anonymous: boolean}} Party */
/**
 * @typedef {object} Suggestion
 * @property {string} id
 * @property {string} title
 * @property {number} score
 * @property {string[]} words
 * @property {string} category
 * @property {string} department
 * @property {string} person
 * @property {string} deputy
 * @property {string} phone
 */
/**
 * @typedef {object} Entry
 * @property {string} id
 * @property {string} title
 * @property {string} category
 * @property {string} department
 * @property {string} person
 * @property {string} deputy
 * @property {string} phone
 * @property {string[]} procedure
 * @property {string} body
 * @property {string[]} keywords
 * @property {string | null} updated
 */
/**
 * @typedef {object} CallSummary
 * @property {string} call_id
 * @property {Party} caller
 * @property {string} started
 * @property {string} agent_id
 * @property {string} agent_name
 * @property {string | null} joined
 * @property {string | null} ended
 * @property {string} reason
 * @property {string} topic
 */

/** @typedef {{call_id: string, seq: number, at: string}} Numbered */
/** @typedef {Numbered & {type: 'CallStarted', caller: Party, called: string}} CallStarted */
/** @typedef {Numbered & {type: 'CallQueued', position: number, expect_s: number}} CallQueued */
/** @typedef {Numbered & {type: 'AgentOffered', agent_id: string, agent_name: string}} AgentOffered */
/** @typedef {Numbered & {type: 'AgentMissed', agent_id: string, reason: string}} AgentMissed */
/** @typedef {Numbered & {type: 'CallJoined', agent_id: string, agent_name: string}} CallJoined */
/** @typedef {Numbered & {type: 'CallAdopted', missing_s: number}} CallAdopted */
/** @typedef {Numbered & {type: 'CallHeld' | 'CallResumed', by: Speaker}} CallHold */
/** @typedef {Numbered & {type: 'KeyPressed', speaker: Speaker, digit: string}} KeyPressed */
/** @typedef {Numbered & {type: 'AlarmRaised' | 'AlarmCleared', code: string, speaker: Speaker | null}} Alarm */
/** @typedef {Numbered & {type: 'TranscriptPartial', speaker: Speaker, utterance: string, start: number, text: string}} TranscriptPartial */
/** @typedef {Numbered & {type: 'TranscriptFinal', speaker: Speaker, utterance: string, start: number, end: number, text: string, masked: string[], typed?: boolean}} TranscriptFinal */
/** @typedef {Numbered & {type: 'Suggested', suggestions: Suggestion[], utterance: string}} Suggested */
/** @typedef {'begun' | 'opened' | 'lost' | 'back' | 'ended'} VisitState */
/** @typedef {'queued' | 'sent' | 'delivered' | 'failed'} MessageState */
/** @typedef {'booked' | 'calling' | 'done' | 'failed' | 'cancelled'} CallbackState */
/** @typedef {Numbered & {type: 'VisitChanged', visit_id: string, state: VisitState, way: 'call' | 'sms' | 'code' | 'web', language: string}} VisitChanged */
/** @typedef {Numbered & {type: 'ScreenShown', visit_id: string, screen: string, title: string, path: string[], cause: 'start' | 'touch' | 'key' | 'agent' | 'time' | 'call'}} ScreenShown */
/** @typedef {{field: string, label: string, value: string, hidden?: boolean}} FormValue */
/** @typedef {Numbered & {type: 'FormSent', visit_id: string, screen: string, title: string, values: FormValue[]}} FormSent */
/** @typedef {Numbered & {type: 'PhotoReceived', visit_id: string, photo_id: string, width: number, height: number, size: number, latitude: number | null, longitude: number | null}} PhotoReceived */
/** @typedef {Numbered & {type: 'MessageSent', message_id: string, to: string, text: string, kind: 'sms' | 'lms', state: MessageState, reason: string, by: string}} MessageSent */
/** @typedef {Numbered & {type: 'CallbackBooked', callback_id: string, number: string, position: number, state: CallbackState}} CallbackBooked */
/** @typedef {VisitChanged | ScreenShown | FormSent | PhotoReceived | MessageSent | CallbackBooked} VisitEvent */
/** @typedef {Numbered & {type: 'CallEnded', reason: string, duration_s: number, talk_s: number}} CallEnded */
/** @typedef {CallStarted | CallQueued | AgentOffered | AgentMissed | CallJoined | CallAdopted | CallHold | KeyPressed | Alarm | TranscriptPartial | TranscriptFinal | Suggested | VisitEvent | CallEnded} CallEvent */
/** @typedef {Numbered & {type: 'AgentStateChanged', agent_id: string, state: AgentState, since: string, busy_call: string, reason: string}} AgentStateChanged */
/** @typedef {Numbered & {type: 'QueueChanged', waiting: number, longest_since: string | null, expect_s?: number}} QueueChanged */

// As in agent_assist/desk_visits.py.
/** @typedef {{kind: 'card' | 'contact' | 'screen' | 'place', id: string}} Push */
/** @typedef {{kind: 'screen' | 'place', id: string, title: string, icon: string}} Pushable */
/** @typedef {{mobile: boolean, link: boolean, entry: string, read_typed: boolean, screens: Pushable[]}} Reach */
/** @typedef {{bytes: number, kind: 'sms' | 'lms', limit: number}} TextSize */
/** @typedef {{message_id: string, to: string, text: string, links: string[], kind: 'sms' | 'lms', state: MessageState, reason: string, call_id: string, by: string, at: string}} OutboxMessage */
/** @typedef {{sends: boolean, messages: OutboxMessage[], more: boolean}} OutboxPage */
/** @typedef {{callback_id: string, number: string, since: string, state: CallbackState, position: number, tries: number, next_at: string | null, agent: string, call_id: string}} Callback */
/** @typedef {{open: Callback[], closed: Callback[], more: boolean}} CallbackPage */

/** @typedef {{type: 'Hello', agent: {id: string, name: string, extension: string}, centre: string, wrap_up_s: number, now: string, state: AgentStateChanged, queue: QueueChanged}} Hello */
/** @typedef {{type: 'History', call_id: string, after: number, events: CallEvent[]}} History */
/** @typedef {{type: 'Still'}} Still */
/** @typedef {Hello | History | Still | AgentStateChanged | QueueChanged | CallEvent} Message */

/** @typedef {import('preact').ComponentChildren} Children */

export {};
