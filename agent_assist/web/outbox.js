// Text messages from this house: what was sent to whom, and how far it is.
import { useEffect, useState } from 'preact/hooks';
import { Fault, outbox } from './api.js';
import { grouped, isToday, shortDate, timeOfDay } from './format.js';
import { call, tell } from './house.js';
import { language, say } from './messages.js';
import { Places } from './places.js';
import { Again } from './text_again.js';
import { back } from './text_undo.js';
import { Empty, html } from './view.js';

/** @typedef {import('./types.js').OutboxMessage} OutboxMessage */
/** @typedef {import('./types.js').OutboxPage} OutboxPage */
/** @typedef {OutboxPage | null | 'failed'} List */

export function Outbox() {
  const [mine, setMine] = useState(false);
  const [list, setList] = useState(/** @type {List} */ (null));
  const live = call.value?.visit.value.messages ?? [];
  const filter = { ...(mine && { mine: '1' }) };
  /** The newest ones again; what she has paged on to stays. @param {boolean} afresh */
  const load = async (afresh) => {
    try {
      const answer = await outbox(filter);
      setList((before) => (afresh ? answer : joined(answer, before)));
    } catch {
      setList('failed');
    }
  };
  const more = async (/** @type {OutboxPage} */ before) => {
    try {
      const answer = await outbox({ ...filter, before: before.messages[before.messages.length - 1].at });
      setList({ ...answer, messages: [...before.messages, ...answer.messages] });
    } catch (trouble) {
      if (!(trouble instanceof Fault)) throw trouble;
      tell(trouble.message);
    }
  };
  useEffect(() => { load(true); }, [mine]);
  useEffect(() => { if (list !== null) load(false); }, [live.length]); // one more from the call on the desk

  return html`
    <${Places} here="outbox" />
    <main class="sheet" id="live">
      <header>
        <h1>${say('outbox.heading')}</h1>
        <div class="state" role="group" aria-label=${say('outbox.filter')}>
          <button class=${mine ? 'on' : ''} aria-pressed=${mine} onClick=${() => setMine(true)}>${say('outbox.mine')}</button>
          <button class=${mine ? '' : 'on'} aria-pressed=${!mine} onClick=${() => setMine(false)}>${say('outbox.all')}</button>
        </div>
      </header>
      ${list && list !== 'failed' && !list.sends && html`<p class="not-sent"><b>${say('outbox.not_sent')}</b> ${say('outbox.not_sent_next')}</p>`}
      ${list === null && html`<p class="soft">${say('history.loading')}</p>`}
      ${list === 'failed' && html`<${Empty} title=${say('outbox.failed')}><button onClick=${() => load(true)}>${say('history.retry')}</button><//>`}
      ${list && list !== 'failed' && (list.messages.length ? html`
        <ul class="rows">${list.messages.map((message) => html`<${Row} key=${message.message_id} message=${newest(message, live)} onChange=${() => load(false)} />`)}</ul>
        ${list.more && html`<button class="more" onClick=${() => more(list)}>${say('history.more')}</button>`}`
        : html`<${Empty} title=${say('outbox.none')}>${say('outbox.none_next')}<//>`)}
    </main>`;
}

/**
 * The newest page before those that were loaded already.
 * @param {OutboxPage} answer
 * @param {List} before
 * @returns {OutboxPage}
 */
function joined(answer, before) {
  const last = answer.messages.at(-1)?.at;
  if (!before || before === 'failed' || !last) return answer;
  const older = before.messages.filter(({ at }) => Date.parse(at) < Date.parse(last));
  return older.length ? { ...answer, messages: [...answer.messages, ...older], more: before.more } : answer;
}

/**
 * The message as the call's own events know it now.
 * @param {OutboxMessage} message
 * @param {import('./types.js').MessageSent[]} live
 * @returns {OutboxMessage}
 */
function newest(message, live) {
  const event = live.find(({ message_id }) => message_id === message.message_id);
  return event ? { ...message, state: event.state, reason: event.reason, back: message.back && event.state === 'waiting', again: message.again && event.state === 'failed' } : message;
}

/** @param {{message: OutboxMessage, onChange: () => void}} props */
function Row({ message, onChange }) {
  const { at, to, kind, state, reason, by, text, links, due } = message;
  const night = state === 'waiting' && reason === 'quiet';
  return html`
    <li class=${state}>
      <p class="when"><time>${isToday(at) ? '' : `${shortDate(at, language.value)} `}${timeOfDay(at)}</time><span class="soft">${by ? (message.rule ? say('outbox.by_rule', { name: by }) : by) : say('outbox.by_menu')}</span></p>
      <p class="whom"><b class="number">${grouped(to)}</b><span class="soft">${say(`outbox.${kind}`)}</span></p>
      <p class="text">${pieces(text, links).map(({ link, piece }) => (link ? html`<a href=${piece} target="_blank" rel="noopener noreferrer">${piece}</a>` : piece))}</p>
      <p class="how"><b>${say(`message.${state === 'waiting' ? reason : state}`)}</b>
        ${night && due ? html`<span>${say('outbox.due', { time: timeOfDay(due) })}</span>` : state !== 'waiting' && reason && html`<span>${reason}</span>`}
        ${message.back && html`<button onClick=${async () => { if (await back(message.message_id)) onChange(); }}>${say('compose.take_back')}</button>`}
        ${message.again && html`<${Again} id=${message.message_id} onDone=${onChange} />`}</p>
    </li>`;
}

/**
 * A text cut at its links. Only web addresses become links, whatever the text says.
 * @param {string} text
 * @param {string[]} links
 * @returns {{link: boolean, piece: string}[]}
 */
export function pieces(text, links) {
  const link = links.find((one) => /^https?:\/\//.test(one) && text.includes(one));
  if (!link) return text ? [{ link: false, piece: text }] : [];
  const place = text.indexOf(link);
  return [...pieces(text.slice(0, place), links), { link: true, piece: link }, ...pieces(text.slice(place + link.length), links)];
}
