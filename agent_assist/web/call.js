// One call as the page knows it: events in, signals out. The live call and calls of the history are the same thing.
import { batch, signal } from '@preact/signals';
import { NO_CARDS, arrange, opened, released } from './arrange.js';
import { NO_PLACES, chipsAfter, placesAfter } from './chips.js';
import { NO_SOUND, soundAfter } from './sound.js';
import { NO_VISIT, isVisit, texts, visitAfter } from './visit.js';

/** @typedef {import('./types.js').CallEvent} CallEvent */
/** @typedef {import('./types.js').Speaker} Speaker */

/**
 * @typedef {object} Said
 * @property {string} text
 * @property {boolean} final
 * @property {string[]} masked
 * @property {string[]} words   That brought a card.
 * @property {boolean} [typed]  Written by the caller, not spoken.
 * @property {boolean} [aside]  Said while the caller was on hold.
 * @property {string} [language] Of the model that heard it.
 */
/**
 * One line of the transcript: an utterance, a gap for which nobody listened, or a step of a transfer.
 * @typedef {object} Line
 * @property {string} id
 * @property {Speaker | 'gap' | 'step'} speaker
 * @property {string} name               Whose voice, where it is not the caller's or the agent's own: a department's.
 * @property {import('./types.js').TransferChanged} [step]
 * @property {number} start              Seconds since the call began.
 * @property {import('@preact/signals').Signal<Said>} said
 */
/**
 * @typedef {object} Facts
 * @property {import('./types.js').Party | null} caller
 * @property {string} called
 * @property {string | null} started
 * @property {string | null} joined
 * @property {string | null} ended
 * @property {string} reason
 * @property {number} talk_s
 * @property {Speaker | null} heldBy
 * @property {import('./types.js').CallWay | 'written'} way
 */

/** How many of the caller's last lines a new card's words may stand in. */
const CONTEXT = 6;

export class Call {
  /** @param {string} id */
  constructor(id) {
    this.id = id;
    /** Highest lasting number seen: where to go on after a lost connection. */
    this.last = 0;
    /** @type {import('@preact/signals').Signal<Facts>} */
    this.facts = signal({
      caller: null, called: '', started: null, joined: null, ended: null, reason: '', talk_s: 0, heldBy: null, way: 'bridge',
    });
    /** @type {import('@preact/signals').Signal<Line[]>} in order of their start */
    this.lines = signal([]);
    /** @type {import('@preact/signals').Signal<CallEvent[]>} what happened, apart from words */
    this.path = signal([]);
    /** @type {import('@preact/signals').Signal<import('./types.js').Alarm[]>} newest first */
    this.alarms = signal([]);
    /** How each side sounds. */
    this.sound = signal(NO_SOUND);
    /** The newest transfer in its newest state. @type {import('@preact/signals').Signal<import('./types.js').TransferChanged | null>} */
    this.transfer = signal(null);
    /** What a supervisor's phone does here. @type {import('@preact/signals').Signal<import('./types.js').SupervisionChanged['mode']>} */
    this.supervision = signal(null);
    /** The newest that was told of its recording. @type {import('@preact/signals').Signal<import('./types.js').RecordingChanged | null>} */
    this.recording = signal(null);
    /** In what language it is heard, if anybody chose. @type {import('@preact/signals').Signal<import('./types.js').LanguageChanged | null>} */
    this.language = signal(null);
    /** Who is on the agent's side when it is no agent, and who was called in. */
    this.names = { agent: '', third: '' };
    this.cards = signal(NO_CARDS);
    /** The newest suggestions as they came. @type {import('./types.js').Suggestion[]} */
    this.offered = [];
    /** Cards that she put away: ids. @type {Set<string>} */
    this.away = new Set();
    /** The card that she keeps, '' if none. */
    this.kept = signal('');
    /** What she did with cards: 'id deed'. */
    this.used = signal(/** @type {ReadonlySet<string>} */ (new Set()));
    /** Values that were said, newest first. @type {import('@preact/signals').Signal<import('./chips.js').Chip[]>} */
    this.chips = signal([]);
    /** Which value each digit copies. */
    this.places = signal(NO_PLACES);
    /** Alerts in their newest state, in the order of their first. @type {import('@preact/signals').Signal<import('./types.js').AlertChanged[]>} */
    this.alerts = signal([]);
    /** What is still to be said. @type {import('@preact/signals').Signal<import('./types.js').ReminderChanged[]>} */
    this.reminders = signal([]);
    /** @type {import('@preact/signals').Signal<import('./types.js').RecordDraft | null>} */
    this.draft = signal(null);
    /** How far it is where the caller is asked for a mobile number. @type {import('@preact/signals').Signal<import('./types.js').NumberAsked | null>} */
    this.asked = signal(null);
    /** The caller's own screen, and what came by it. */
    this.visit = signal(NO_VISIT);
    /** @type {import('@preact/signals').Signal<import('./types.js').Suggestion[]>} every card that was ever the best */
    this.topics = signal([]);
    /** @type {import('@preact/signals').Signal<import('./types.js').TranscriptFinal | null>} for those who listen to the page */
    this.newest = signal(null);
    /** @type {Map<string, Line>} */
    this.byId = new Map();
  }

  /**
   * Stored events, or those missed while the connection was lost.
   * @param {CallEvent[]} events
   */
  catchUp(events) {
    batch(() => {
      // Unfinished lines may have been taken back meanwhile; the living ones come again with their next partial.
      const kept = this.lines.value.filter((line) => line.said.value.final);
      if (kept.length !== this.lines.value.length) {
        this.lines.value = kept;
        this.byId = new Map(kept.map((line) => [line.id, line]));
      }
      for (const event of events) this.take(event);
    });
  }

  /** @param {CallEvent} event */
  take(event) {
    if (event.type === 'TranscriptPartial') return this.partial(event);
    if (event.seq <= this.last) return;
    this.last = event.seq;
    switch (event.type) {
      case 'TranscriptFinal':
        this.put(event.utterance, event.speaker, event.start, { text: event.text, final: true, masked: event.masked, typed: event.typed, aside: event.aside, language: event.language });
        this.newest.value = event;
        return;
      case 'Suggested':
        return this.suggest(event);
      case 'AlarmRaised':
        this.alarms.value = [event, ...this.alarms.value.filter((alarm) => !same(alarm, event))];
        return;
      case 'AlarmCleared':
        this.alarms.value = this.alarms.value.filter((alarm) => !same(alarm, event));
        return;
      case 'QualityChanged':
        this.sound.value = soundAfter(this.sound.value, event);
        return;
      case 'ValuesHeard':
        this.chips.value = chipsAfter(this.chips.value, event);
        return this.place();
      case 'CardUsed':
        this.mark(event.entry_id, event.deed);
        if (event.deed === 'dismissed') this.dismiss(event.entry_id);
        return;
      case 'AlertChanged': {
        const known = this.alerts.value.some(({ alert_id: id }) => id === event.alert_id);
        this.alerts.value = known ? this.alerts.value.map((alert) => (alert.alert_id === event.alert_id ? event : alert)) : [...this.alerts.value, event];
        return;
      }
      case 'ReminderChanged':
        this.reminders.value = [...this.reminders.value.filter(({ rule_id: id }) => id !== event.rule_id), ...(event.state === 'due' ? [event] : [])];
        return;
      case 'NumberAsked':
        this.asked.value = event;
        return;
      case 'RecordingChanged':
        this.recording.value = event;
        return;
      case 'RecordDrafted':
        this.draft.value = event.draft;
        return;
      default:
        if (isVisit(event)) {
          this.visit.value = visitAfter(this.visit.value, event);
          return this.place();
        }
        this.path.value = [...this.path.value, event];
        this.learn(event);
    }
  }

  /** @param {string} id */
  open(id) {
    this.cards.value = opened(this.cards.value, id);
  }

  release() {
    this.cards.value = released(this.cards.value);
    this.kept.value = '';
  }

  /** She keeps a card where it lies. @param {string} id */
  keep(id) {
    this.open(id);
    this.kept.value = id;
  }

  /** She put a card away. @param {string} id */
  dismiss(id) {
    this.away.add(id);
    if (this.kept.value === id) this.kept.value = '';
    const { shown, open, pinned } = this.cards.value;
    const left = shown.filter((card) => card.id !== id);
    this.cards.value = open === id ? arrange(NO_CARDS, left) : { shown: left, open, pinned };
  }

  /** And it comes back. @param {string} id */
  restore(id) {
    this.away.delete(id);
    const { open, pinned } = this.cards.value;
    const kept = pinned ? this.cards.value : NO_CARDS;
    this.cards.value = arrange(pinned ? { ...kept, open } : kept, this.wanted());
  }

  /** What is suggested, without what she put away. */
  wanted() {
    return this.offered.filter(({ id }) => !this.away.has(id));
  }

  /** Whether the house knows of that deed. @param {string} id @param {import('./types.js').CardDeed} deed */
  has(id, deed) {
    return this.used.value.has(`${id} ${deed}`);
  }

  /** @param {string} id @param {import('./types.js').CardDeed} deed */
  mark(id, deed) {
    this.used.value = new Set([...this.used.value, `${id} ${deed}`]);
  }

  /** @param {string} id @param {import('./types.js').CardDeed} deed */
  unmark(id, deed) {
    this.used.value = new Set([...this.used.value].filter((one) => one !== `${id} ${deed}`));
  }

  /** Give new values their keys. */
  place() {
    this.places.value = placesAfter(this.places.value, texts(this.visit.value), this.chips.value);
  }

  /** @param {CallEvent} event */
  learn(event) {
    const facts = this.facts.value;
    switch (event.type) {
      case 'CallStarted':
        this.facts.value = { ...facts, caller: event.caller, called: event.called, started: event.at, way: event.way ?? 'bridge' };
        break;
      case 'CallJoined':
        this.facts.value = { ...facts, joined: facts.joined ?? event.at };
        this.names.agent = event.agent_id ? '' : event.agent_name;
        break;
      case 'CallHeld':
        this.facts.value = { ...facts, heldBy: event.by };
        break;
      case 'CallResumed':
        this.facts.value = { ...facts, heldBy: null };
        break;
      case 'CallAdopted':
        this.gap(event);
        break;
      case 'TransferChanged':
        this.transfer.value = event;
        this.names.third = event.name;
        if (event.state !== 'talking') this.step(event); // the words that follow say so themselves
        break;
      case 'SupervisionChanged':
        this.supervision.value = event.mode;
        break;
      case 'LanguageChanged':
        this.language.value = event;
        break;
      case 'ContactOpened': // somebody wrote: the party stands for the caller
        this.facts.value = { ...facts, caller: event.party, called: event.to, started: event.at, way: 'written' };
        break;
      case 'ContactClosed':
        this.facts.value = { ...facts, ended: event.at, reason: event.reason };
        break;
      case 'CallEnded':
        this.facts.value = { ...facts, ended: event.at, reason: event.reason, talk_s: event.talk_s, heldBy: null };
        this.reminders.value = [];
        this.alarms.value = this.alarms.value.filter(({ code }) => code === 'worker_lost' || code === 'not_saved');
        break;
    }
  }

  /** @param {import('./types.js').TranscriptPartial} event */
  partial(event) {
    const line = this.byId.get(event.utterance);
    if (line?.said.value.final) return;
    if (event.text) return this.put(event.utterance, event.speaker, event.start, { text: event.text, final: false, masked: [], aside: event.aside, language: event.language });
    if (!line) return;
    this.byId.delete(line.id);
    this.lines.value = this.lines.value.filter((other) => other !== line);
  }

  /** @param {import('./types.js').CallAdopted} event */
  gap(event) {
    const started = this.facts.value.started;
    const until = started ? (Date.parse(event.at) - Date.parse(started)) / 1000 : Infinity;
    const text = String(Math.round(event.missing_s));
    this.put(`gap-${event.seq}`, 'gap', until - event.missing_s, { text, final: true, masked: [] });
  }

  /** @param {import('./types.js').TransferChanged} event */
  step(event) {
    const started = this.facts.value.started;
    const at = started ? (Date.parse(event.at) - Date.parse(started)) / 1000 : Infinity;
    this.put(`step-${event.seq}`, 'step', at, { text: '', final: true, masked: [] }, event);
  }

  /**
   * @param {string} id
   * @param {Line['speaker']} speaker
   * @param {number} start
   * @param {Omit<Said, 'words'>} said
   * @param {import('./types.js').TransferChanged} [step]
   */
  put(id, speaker, start, said, step) {
    const words = speaker === 'caller' ? this.words() : [];
    const line = this.byId.get(id);
    if (line) {
      line.said.value = { ...said, words };
      return;
    }
    /** @type {Line} */
    const fresh = { id, speaker, start, said: signal({ ...said, words }), name: speaker === 'agent' || speaker === 'third' ? this.names[speaker] : '', step };
    this.byId.set(id, fresh);
    const lines = this.lines.value;
    let place = lines.length;
    while (place > 0 && lines[place - 1].start > start) place -= 1;
    this.lines.value = [...lines.slice(0, place), fresh, ...lines.slice(place)];
  }

  /** @param {import('./types.js').Suggested} event */
  suggest(event) {
    this.offered = event.suggestions;
    this.cards.value = arrange(this.cards.value, this.wanted());
    const best = event.suggestions[0];
    if (best && !this.topics.value.some(({ id }) => id === best.id)) this.topics.value = [...this.topics.value, best];
    const words = this.words();
    const context = this.lines.value.filter(({ speaker }) => speaker === 'caller').slice(-CONTEXT);
    for (const { said } of context) said.value = { ...said.value, words: [...new Set([...said.value.words, ...words])] };
  }

  /** The words of the cards that lie on the desk. */
  words() {
    return [...new Set(this.cards.value.shown.flatMap((card) => card.words))];
  }
}

/**
 * @param {import('./types.js').Alarm} a
 * @param {import('./types.js').Alarm} b
 */
function same(a, b) {
  return a.code === b.code && a.speaker === b.speaker;
}
