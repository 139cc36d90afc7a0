// The shapes that come from the server, as in core/events.py and core/store/contract.py. Types only, nothing runs here.

/** @typedef {'caller' | 'agent' | 'third'} Speaker */
/** @typedef {'bridge' | 'recording' | 'fork'} CallWay */
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
 * @property {boolean} [absent]
 * @property {number} [version]
 * @property {'words' | 'keyword' | 'context' | 'learnt' | 'rule' | 'alert'} [why]
 * @property {boolean} [tentative]
 */
/** @typedef {{title: string, url: string}} Reference */
/** @typedef {{id: string, name: string, size: number}} Attachment */
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
 * @property {string} [hours]
 * @property {Reference[]} [links]
 * @property {Attachment[]} [attachments]
 * @property {string | null} [expires]
 * @property {string | null} [review_by]
 * @property {number} [version]
 * @property {boolean} [person_absent]
 */
/** As in agent_assist/desk_body.py. @typedef {string | Element} Node */
/** @typedef {{tag: string, href: string, children: Node[]}} Element */
/** @typedef {Entry & {shown: Node[]}} ReadEntry */
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
/** @typedef {Numbered & {type: 'CallStarted', caller: Party, called: string, way?: CallWay, callback_id?: string}} CallStarted */
/** @typedef {Numbered & {type: 'CallQueued', position: number, expect_s: number}} CallQueued */
/** @typedef {Numbered & {type: 'AgentOffered', agent_id: string, agent_name: string}} AgentOffered */
/** @typedef {Numbered & {type: 'AgentMissed', agent_id: string, reason: string}} AgentMissed */
/** @typedef {Numbered & {type: 'CallJoined', agent_id: string, agent_name: string}} CallJoined */
/** @typedef {Numbered & {type: 'CallAdopted', missing_s: number}} CallAdopted */
/** @typedef {Numbered & {type: 'CallHeld' | 'CallResumed', by: Speaker}} CallHold */
/** @typedef {'ringing' | 'talking' | 'conference' | 'done' | 'returned' | 'cancelled' | 'failed'} TransferState */
/** @typedef {Numbered & {type: 'TransferChanged', transfer_id: string, kind: 'blind' | 'consult', state: TransferState, to: string, name: string, by: string, reason: string}} TransferChanged */
/** @typedef {Numbered & {type: 'SupervisionChanged', supervisor_id: string, mode: 'listen' | 'whisper' | 'barge' | null, took_over?: boolean, reason?: string}} SupervisionChanged */
/** @typedef {Numbered & {type: 'LanguageChanged', language: string, heard: boolean, by: 'line' | 'menu' | 'agent', model: string}} LanguageChanged */
/** @typedef {'one_way' | 'silent' | 'loss' | 'far_loss' | 'delay' | 'echo' | 'clipping' | 'jitter' | 'drift'} SoundCause */
/** @typedef {Numbered & {type: 'QualityChanged', speaker: Speaker, grade: 'good' | 'fair' | 'poor' | 'none', mos: number, loss: number, jitter_ms: number, delay_ms: number, causes: SoundCause[], final: boolean}} QualityChanged */
/** @typedef {Numbered & {type: 'KeyPressed', speaker: Speaker, digit: string}} KeyPressed */
/** @typedef {Numbered & {type: 'AlarmRaised' | 'AlarmCleared', code: string, speaker: Speaker | null}} Alarm */
/** @typedef {Numbered & {type: 'TranscriptPartial', speaker: Speaker, utterance: string, start: number, text: string, aside?: boolean, language?: string}} TranscriptPartial */
/** @typedef {Numbered & {type: 'TranscriptFinal', speaker: Speaker, utterance: string, start: number, end: number, text: string, masked: string[], typed?: boolean, aside?: boolean, language?: string}} TranscriptFinal */
/** @typedef {Numbered & {type: 'Suggested', suggestions: Suggestion[], utterance: string}} Suggested */
/** @typedef {'begun' | 'opened' | 'lost' | 'back' | 'ended'} VisitState */
/** @typedef {'queued' | 'sent' | 'delivered' | 'failed'} MessageState */
/** @typedef {MessageState | 'waiting' | 'withdrawn'} TextState */
/** @typedef {'booked' | 'calling' | 'done' | 'failed' | 'cancelled'} CallbackState */
/** @typedef {Numbered & {type: 'VisitChanged', visit_id: string, state: VisitState, way: 'call' | 'sms' | 'code' | 'web', language: string}} VisitChanged */
/** @typedef {Numbered & {type: 'ScreenShown', visit_id: string, screen: string, title: string, path: string[], cause: 'start' | 'touch' | 'key' | 'agent' | 'time' | 'call'}} ScreenShown */
/** @typedef {{field: string, label: string, value: string, hidden?: boolean}} FormValue */
/** @typedef {Numbered & {type: 'FormSent', visit_id: string, screen: string, title: string, values: FormValue[]}} FormSent */
/** @typedef {Numbered & {type: 'PhotoReceived', visit_id: string, photo_id: string, width: number, height: number, size: number, latitude: number | null, longitude: number | null}} PhotoReceived */
/** @typedef {Numbered & {type: 'MessageSent', message_id: string, to: string, text: string, kind: 'sms' | 'lms', state: TextState, reason: string, by: string, sender?: string, entry_id?: string, due?: string | null}} MessageSent */
/** @typedef {Numbered & {type: 'NumberAsked', state: 'idle' | 'asking' | 'heard' | 'confirmed', number: string, keyed: number, given_up: boolean}} NumberAsked */
/** @typedef {Numbered & {type: 'CallbackBooked', callback_id: string, number: string, position: number, state: CallbackState}} CallbackBooked */
/** @typedef {'call' | 'text' | 'chat' | 'web'} Channel */
/** @typedef {Numbered & {type: 'ContactOpened', channel: Channel, party: Party, to: string, language: string, queue: string, reply_to: string}} ContactOpened */
/** @typedef {Numbered & {type: 'ContactAssigned', agent_id: string, agent_name: string, by: string, reason: string}} ContactAssigned */
/** @typedef {Numbered & {type: 'TextReceived', text_id: string, text: string, photos: string[], refused: string[]}} TextReceived */
/** @typedef {Numbered & {type: 'ContactClosed', reason: string, agent_id: string, wait_s: number}} ContactClosed */
/** @typedef {'waiting' | 'assigned' | 'answered' | 'closed'} WrittenState */
/** @typedef {{contact_id: string, channel: Channel, party: Party, to: string, language: string, queue: string, reply_to: string, opened: string, state: WrittenState, since: string, agent_id: string, agent_name: string, owed_since: string | null, first_answer: string | null, texts: number, photos: number, last_text: string, last_by: 'them' | 'agent' | 'house', last_at: string, last_text_seq: number, topic: string, closed: string | null, undelivered: boolean, last_seq: number}} Written */
/** @typedef {Numbered & {type: 'WrittenChanged', written: Written, overdue_at: string | null, alert_at: string | null, hidden?: boolean}} WrittenChanged */
/** @typedef {Numbered & {type: 'RecordKept', version: number, by: string, category: string, department: string, result: string, district: string, unasked: boolean}} RecordKept */
/** @typedef {Numbered & {type: 'RecordsToConfirm', agent_id: string, count: number}} RecordsToConfirm */
/** @typedef {Numbered & {type: 'WrapUpEnded', agent_id: string, wrap_s: number}} WrapUpEnded */
/** @typedef {Numbered & {type: 'RecordingChanged', state: 'started' | 'paused' | 'resumed' | 'stopped' | 'kept' | 'failed', reason: string, by: string, recording_id: string}} RecordingChanged */
/** @typedef {Numbered & {type: 'RatingGiven', score: number, way: 'menu' | 'text' | 'agent'}} RatingGiven */
/** @typedef {Numbered & {type: 'NoteSent', note_id: string, agent_id: string, by: string, by_name: string, text: string, seen: boolean}} NoteSent */
/** @typedef {VisitChanged | ScreenShown | FormSent | PhotoReceived | MessageSent | CallbackBooked} VisitEvent */
/** @typedef {'phone' | 'date' | 'time' | 'money' | 'count' | 'address' | 'plate' | 'department'} ValueKind */
/** @typedef {{kind: ValueKind, value: string, spoken: string, start: number, end: number}} HeardValue */
/** @typedef {Numbered & {type: 'ValuesHeard', speaker: Speaker, utterance: string, values: HeardValue[]}} ValuesHeard */
/** @typedef {'opened' | 'accepted' | 'dismissed' | 'pinned' | 'unpinned' | 'sent'} CardDeed */
/** @typedef {Numbered & {type: 'CardUsed', entry_id: string, deed: CardDeed, version: number, utterance: string, agent_id: string}} CardUsed */
/** @typedef {'abuse' | 'threat' | 'sexual' | 'self_harm' | 'emergency'} AlertKind */
/** @typedef {Numbered & {type: 'AlertChanged', alert_id: string, kind: AlertKind, speaker: Speaker, utterance: string, start: number, end: number, words: string[], state: 'raised' | 'handling' | 'dismissed' | 'closed', steps: string[], by: string, reason: string}} AlertChanged */
/** @typedef {Numbered & {type: 'ReminderChanged', rule_id: string, text: string, state: 'due' | 'met' | 'dismissed'}} ReminderChanged */
/** @typedef {{category: string, sure: number, need: string, answer: string, cards: string[], values: HeardValue[], follow_ups: string[]}} RecordDraft */
/** @typedef {Numbered & {type: 'RecordDrafted', draft: RecordDraft}} RecordDrafted */
/** @typedef {Numbered & {type: 'IssueChanged', issue_id: string, terms: string[], district: string, calls: number, usual: number, since: string, quotes: string[], entry_id: string, entry_title: string, state: 'rising' | 'seen' | 'over', by: string}} IssueChanged */
/** @typedef {ValuesHeard | CardUsed | AlertChanged | ReminderChanged | RecordDrafted} HelpEvent */
/** @typedef {Numbered & {type: 'CallEnded', reason: string, duration_s: number, talk_s: number}} CallEnded */
/** @typedef {RecordingChanged | CallStarted | CallQueued | AgentOffered | AgentMissed | CallJoined | CallAdopted | CallHold | TransferChanged | SupervisionChanged | LanguageChanged | QualityChanged | KeyPressed | Alarm | TranscriptPartial | TranscriptFinal | Suggested | VisitEvent | NumberAsked | HelpEvent | ContactOpened | ContactAssigned | TextReceived | ContactClosed | CallEnded} CallEvent */
/** @typedef {Numbered & {type: 'AgentStateChanged', agent_id: string, state: AgentState, since: string, busy_call: string, reason: string, extension?: string, by?: string, leaving?: string, leaving_by?: string}} AgentStateChanged */
/** @typedef {Numbered & {type: 'QueueChanged', waiting: number, longest_since: string | null, expect_s?: number}} QueueChanged */

// As in agent_assist/desk_visits.py.
/** @typedef {{kind: 'card' | 'contact' | 'screen' | 'place', id: string}} Push */
/** @typedef {{kind: 'screen' | 'place', id: string, title: string, icon: string}} Pushable */
/** @typedef {{mobile: boolean, number: string, asked: NumberShown, link: boolean, entry: string, read_typed: boolean, screens: Pushable[]}} Reach */
/** @typedef {{callback_id: string, number: string, since: string, state: CallbackState, position: number, tries: number, next_at: string | null, agent: string, call_id: string}} Callback */
/** @typedef {{open: Callback[], closed: Callback[], more: boolean}} CallbackPage */

// As in agent_assist/desk_texts.py.
/** @typedef {{text: string, key: string, entry_id: string, sender: string, subject?: string, template_id: string, sure: string[]}} TextToSend */
/** @typedef {{text: string, subject: string}} TextToLook */
/** @typedef {{key: string, sure: string[]}} TextAgain */
/** @typedef {{do: 'ask' | 'number' | 'yes' | 'again' | 'cancel', number: string}} NumberWish */
/** @typedef {{start: number, end: number, sign: string, fate: 'rewritten' | 'left_out' | 'refused', becomes: string}} SignChange */
/** @typedef {{carried: string, bytes: number, kind: 'sms' | 'lms', limit: number, subject: string, subject_bytes: number, sms_end: number, lms_end: number, changes: SignChange[], unfilled: string[], fault: string}} TextLook */
/** @typedef {{template_id: string, title: string, text: string, unfilled: string[]}} TemplateOffered */
/** @typedef {{number: string, name: string}} SenderOffered */
/** @typedef {{text: string, sender: string, senders: SenderOffered[], templates: TemplateOffered[], undo_s: number}} TextOffer */
/** @typedef {{message_id: string}} TextTaken */
/** @typedef {{state: 'idle' | 'asking' | 'heard' | 'confirmed', number: string, keyed: number}} NumberShown */
/** @typedef {{message_id: string, to: string, text: string, links: string[], kind: 'sms' | 'lms', state: TextState, reason: string, call_id: string, by: string, rule: boolean, sender: string, due: string | null, again: boolean, back: boolean, at: string}} OutboxMessage */
/** @typedef {{sends: boolean, messages: OutboxMessage[], more: boolean}} OutboxPage */

// As in agent_assist/desk_threads.py.
/** @typedef {{written: WrittenChanged[], is_open: boolean}} WrittenList */
/** @typedef {{written: Written[], more: boolean}} WrittenPage */
/** @typedef {{id: string, contact_id: string, at: string, by: 'them' | 'agent' | 'house', name: string, text: string, photos: string[], refused: string[], state: string | null, reason: string, due: string | null}} SaidText */
/** @typedef {{changed: WrittenChanged, said: SaidText[], events: CallEvent[], reply_to: CallSummary | null, may_answer: boolean, may_read: boolean}} WrittenFile */
/** @typedef {{id: string, name: string, state: AgentState, owes: number}} Colleague */
/** @typedef {{colleagues: Colleague[]}} ColleagueList */

// As in agent_assist/desk_transfers.py.
/** @typedef {'agent' | 'department' | 'person' | 'entry' | 'number'} TargetKind */
/** @typedef {{kind: TargetKind, id: string, way: 'blind' | 'consult'}} PassOn */
/** @typedef {{step: 'connect' | 'join' | 'back'}} TransferStep */
/** @typedef {{kind: TargetKind, id: string, name: string, detail: string, number: string, state: AgentState | null, why: string}} Target */
/** @typedef {{targets: Target[]}} TargetList */
/** @typedef {{mode: 'listen' | 'whisper' | 'barge' | null}} Supervise */
/** @typedef {{call_id: string, caller: Party, started: string, joined: string | null, agent_id: string, agent_name: string, way: CallWay, supervisor_id: string, mode: string | null}} RunningCall */
/** @typedef {{calls: RunningCall[]}} RunningCalls */
/** @typedef {{extension: string}} Seat */

// As in agent_assist/desk_language.py.
/** @typedef {{language: string, heard: boolean}} Spoken */
/** @typedef {{language: string}} ChooseLanguage */

// As in agent_assist/desk_assist.py.
/** @typedef {'warned' | 'warned_again' | 'time_notice' | 'ended' | 'dismissed' | 'closed'} StepName */
/** @typedef {{step: StepName, title: string, says: string, needs: StepName[]}} Step */
/** @typedef {{kind: AlertKind, title: string, law: string, steps: Step[], advice: string[]}} Procedure */
/** @typedef {{entry_id: string, deed: CardDeed}} UseCard */
/** @typedef {{note: string, version: number, call_id: string}} ReportEntry */
/** @typedef {{step: StepName, reason: string}} AlertStep */
/** @typedef {{categories: string[], departments: string[]}} Shelves */

/** @typedef {{id: string, name: string, extension: string, roles: string[]}} Agent */
/** @typedef {{type: 'Hello', agent: Agent, centre: string, wrap_up_s: number, now: string, state: AgentStateChanged, queue: QueueChanged, hot_desk?: boolean, languages?: Spoken[], recording?: {start: 'off' | 'always' | 'consent' | 'agent', pause: boolean}, away_reasons?: string[], notes?: NoteSent[]}} Hello */
/** @typedef {{type: 'History', call_id: string, after: number, events: CallEvent[]}} History */
/** @typedef {{type: 'Still'}} Still */
/** @typedef {Hello | History | Still | AgentStateChanged | QueueChanged | NoteSent | RecordsToConfirm | IssueChanged | WrittenChanged | CallEvent} Message */

/** @typedef {import('preact').ComponentChildren} Children */

// Counselling records (core/store/contacts.py, core/record_forms.py, agent_assist/desk_record.py).

/** @typedef {{value: string, sure: number}} RecordGuess */
/** @typedef {{code: string, ko: string, en: string}} Disposition */
/** @typedef {{category: string, department: string, district: string, result: string, need: string, answer: string}} Wording */
/** @typedef {Wording & {follow: boolean, text: string, owner: string, due: string, reason: string}} RecordWords what she writes, before it is kept */
/** @typedef {{text: string, owner: string, due: string}} NewFollowUp */
/** @typedef {{based_on: number, category: string, department: string, district: string, result: string, need: string, answer: string, reason: string, follow_ups: NewFollowUp[]}} KeepRecord */
/** @typedef {{contact_id: string, number: string, channel: Channel, state: 'draft' | 'unasked' | 'confirmed' | 'alone', version: number, by: string, written: Wording, path: string[], forms: {title: string}[], values: HeardValue[], cards: {entry_id: string, title: string}[], texts: {message_id: string, state: string}[], transfers: {name: string, state: string}[], categories: RecordGuess[], results: RecordGuess[]}} ContactRecord */
/** @typedef {{follow_up_id: string, text: string, due: string, callback_id: string}} FollowUp */
/** @typedef {{id: string, name: string}} Somebody */
/** @typedef {{record: ContactRecord, results: Disposition[], categories: string[], departments: string[], districts: string[], follow_up: NewFollowUp | null, follow_ups: FollowUp[], owners: Somebody[]}} RecordForm */
/** @typedef {{contact_id: string, channel: string, at: string, agent_name: string, category: string, result: string, need: string}} Earlier */
/** @typedef {{count: number, days: number, contacts: Earlier[], follow_ups: FollowUp[], results: Disposition[]}} PersonSeen */

export {};
