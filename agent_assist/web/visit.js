// The caller's own screen as the desk knows it: events in, the visit out. Pure rules; nothing that she reads is taken away.
import { LINK } from './marks.js';

/** @typedef {import('./types.js').VisitEvent} VisitEvent */
/** @typedef {import('./types.js').MessageSent} MessageSent */

/** @typedef {{screen: string, title: string, at: string, values: import('./types.js').FormValue[]}} Form */
/**
 * @typedef {object} Visit
 * @property {import('./types.js').VisitState | ''} state  '' = the call has none (yet).
 * @property {boolean} seen        A page was open at some time.
 * @property {'call' | 'sms' | 'code' | 'web'} way
 * @property {string} language
 * @property {import('./types.js').ScreenShown | null} here
 * @property {Form[]} forms        In the order of their first sending; one sent again takes its old place.
 * @property {import('./types.js').PhotoReceived[]} photos
 * @property {MessageSent[]} messages  In the order in which they were asked for, each in its newest state.
 * @property {import('./types.js').CallbackBooked | null} callback
 */

/** @type {Visit} */
export const NO_VISIT = {
  state: '', seen: false, way: 'call', language: 'ko', here: null, forms: [], photos: [], messages: [], callback: null,
};

const CAPTIONS = '@captions';
/** Lines that a trail takes at most. */
export const TRAIL = 4;

const KINDS = new Set(['VisitChanged', 'ScreenShown', 'FormSent', 'PhotoReceived', 'MessageSent', 'CallbackBooked']);

/**
 * @param {import('./types.js').CallEvent} event
 * @returns {event is VisitEvent}
 */
export function isVisit(event) {
  return KINDS.has(event.type);
}

/**
 * @param {Visit} visit
 * @param {VisitEvent} event
 * @returns {Visit}
 */
export function visitAfter(visit, event) {
  switch (event.type) {
    case 'VisitChanged': {
      const { state, way, language } = event;
      return { ...visit, state, way, language, seen: visit.seen || state === 'opened' || state === 'back' };
    }
    case 'ScreenShown':
      return { ...visit, here: event };
    case 'FormSent': {
      const { screen, title, at, values } = event;
      return { ...visit, forms: put(visit.forms, { screen, title, at, values }, (form) => form.screen === screen) };
    }
    case 'PhotoReceived':
      return { ...visit, photos: put(visit.photos, event, ({ photo_id }) => photo_id === event.photo_id) };
    case 'MessageSent':
      return { ...visit, messages: put(visit.messages, event, ({ message_id }) => message_id === event.message_id) };
    case 'CallbackBooked':
      return { ...visit, callback: event };
  }
}

/**
 * Whether the caller has a page: only an open one can show what she sends.
 * @param {Visit} visit
 * @returns {'none' | 'open' | 'lost' | 'over'}
 */
export function page({ state, seen }) {
  if (state === 'ended') return seen ? 'over' : 'none';
  if (state === 'lost') return 'lost';
  return state === 'opened' || state === 'back' ? 'open' : 'none';
}

/** @param {MessageSent} message */
export function isLink(message) {
  return message.text.includes(LINK);
}

/**
 * The newest message that brought a link.
 * @param {Visit} visit
 * @returns {MessageSent | null}
 */
export function linkSent({ messages }) {
  return messages.filter(isLink).at(-1) ?? null;
}

/**
 * Whether the caller reads and writes instead of hearing and speaking.
 * @param {Visit} visit
 */
export function captioned(visit) {
  return visit.here?.screen === CAPTIONS && page(visit) === 'open';
}

/**
 * The screens that lead here, the present one last; a long way is cut in its middle ('').
 * @param {Visit} visit
 * @returns {string[]}
 */
export function trail({ here }) {
  if (!here) return [];
  const all = [...here.path, here.title];
  return all.length <= TRAIL ? all : [all[0], '', ...all.slice(2 - TRAIL)];
}

/**
 * @typedef {object} Value
 * @property {'text' | 'secret' | 'photo'} kind
 * @property {string} field
 * @property {string} label
 * @property {string} value
 * @property {number} number   Key under which it is copied, 0 = none.
 * @property {number} place    Of a picture, from 0.
 */

/**
 * What was given, form by form; what was left empty is left out. Keys: by ``places`` (see chips.js), else in order.
 * @param {Visit} visit
 * @param {string[]} [places]
 * @returns {{title: string, at: string, screen: string, values: Value[]}[]}
 */
export function given({ forms, photos }, places) {
  let number = 0;
  return forms.map(({ screen, title, at, values }) => ({
    screen, title, at,
    values: values.filter(({ value, hidden }) => value || hidden).map(({ field, label, value, hidden }) => {
      const place = hidden ? -1 : photos.findIndex(({ photo_id }) => photo_id === value);
      const kind = hidden ? 'secret' : place >= 0 ? 'photo' : 'text';
      if (kind === 'text') number += 1;
      const key = places ? places.indexOf(idOf(screen, field)) + 1 : number;
      return { kind, field, label, value, place, number: kind === 'text' && key <= 9 ? key : 0 };
    }),
  }));
}

/** @param {string} screen @param {string} field */
const idOf = (screen, field) => `${screen} ${field}`;

/**
 * Ids of the values that have keys, in order.
 * @param {Visit} visit
 * @returns {string[]}
 */
export function texts(visit) {
  return given(visit).flatMap(({ screen, values }) => values.filter(({ kind }) => kind === 'text').map(({ field }) => idOf(screen, field)));
}

/**
 * The value behind a key.
 * @param {Visit} visit
 * @param {number} number
 * @param {string[]} [places]
 */
export function valueAt(visit, number, places) {
  return given(visit, places).flatMap(({ values }) => values).find((value) => value.number === number)?.value ?? '';
}

/**
 * @template T
 * @param {T[]} list
 * @param {T} item
 * @param {(other: T) => boolean} same
 */
function put(list, item, same) {
  const place = list.findIndex(same);
  return place < 0 ? [...list, item] : list.with(place, item);
}
