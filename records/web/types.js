// What the server sends, as far as the pages of contacts use it (records/routes/*.py, core/store/contacts.py).

/** @typedef {'call' | 'text' | 'chat' | 'web'} Channel */
/** @typedef {'draft' | 'unasked' | 'confirmed' | 'alone'} RecordState */
/** @typedef {{code: string, ko: string, en: string}} Disposition */
/** @typedef {{value: string, sure: number}} Guess */
/** @typedef {{category: string, department: string, district: string, result: string, need: string, answer: string}} Wording */
/** @typedef {{results: Disposition[], categories: string[], departments: string[], districts: string[], people: Record<string, string>, waiting: number, today: string}} Terms */
/** @typedef {{contact_id: string, place: number, channel: Channel, at: string, agent_name: string, last4: string, talk_s: number, category: string, department: string, result: string, need: string, answer: string, state: RecordState, open_follow_ups: number}} ContactLine */
/** @typedef {{contacts: ContactLine[], more: boolean, words: string[]}} ContactsPage */
/** @typedef {{kind: string, value: string, spoken: string}} HeardValue */
/** @typedef {{title: string, values: {field: string, label: string, value: string, hidden?: boolean}[]}} FormKept */
/** @typedef {{entry_id: string, title: string, version: number}} CardKept */
/** @typedef {{message_id: string, state: string, by: string, entry_id: string}} TextKept */
/** @typedef {{name: string, kind: string, state: string}} PassedOn */
/**
 * @typedef {object} ContactRecord
 * @property {string} contact_id
 * @property {string} number - under which the citizen finds it again, eleven digits
 * @property {Channel} channel
 * @property {string} at
 * @property {string | null} ended
 * @property {string} agent_id
 * @property {string} agent_name
 * @property {string} person
 * @property {string} last4
 * @property {string} language
 * @property {number} wait_s
 * @property {number} talk_s
 * @property {number} duration_s
 * @property {string[]} path
 * @property {FormKept[]} forms
 * @property {HeardValue[]} values
 * @property {CardKept[]} cards
 * @property {TextKept[]} texts
 * @property {PassedOn[]} transfers
 * @property {string[]} promises
 * @property {Guess[]} categories
 * @property {Guess[]} departments
 * @property {Guess[]} results
 * @property {Wording} written
 * @property {RecordState} state
 * @property {number} version
 * @property {string} by
 * @property {string | null} changed
 * @property {number} open_follow_ups
 */
/** @typedef {{contact_id: string, version: number, at: string, by: string, state: RecordState, reason: string, written: Wording}} RecordVersion */
/** @typedef {{follow_up_id: string, contact_id: string, person: string, text: string, owner: string, due: string, callback_id: string, by: string, at: string, state: 'open' | 'done' | 'cancelled', note: string, done_by: string, done_at: string | null}} FollowUp */
/** @typedef {{number: string, category: string, last4: string, readable: boolean}} ContactAbout whom and what a line of a list is about */
/** @typedef {{utterance: string, original: string, text: string, by: string, at: string, reviewed_by: string}} Correction */
/** @typedef {{type: string, at: string, [field: string]: any}} ContactEvent */
/** @typedef {{record: ContactRecord, number: string, events: ContactEvent[], corrections: Correction[], follow_ups: FollowUp[], versions: RecordVersion[], earlier: ContactLine[], may_write: boolean}} ContactFile */
/** @typedef {{label: string, times: number, features: [string, number][]}} Told */

export {};
