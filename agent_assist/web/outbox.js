// Text messages from this house: what was sent to whom, and how far it is.
import { useEffect, useState } from 'preact/hooks';
import { outbox } from './api.js';
import { grouped, isToday, shortDate, timeOfDay } from './format.js';
import { call } from './house.js';
import { language, say } from './messages.js';
import { Places } from './places.js';
import { Empty, html } from './view.js';

/** @typedef {import('./types.js').OutboxMessage} OutboxMessage */
/** @typedef {import('./types.js').OutboxPage | null | 'failed'} List */

export function Outbox() {
  const [mine, setMine] = useState(false);
  const [list, setList] = useState(/** @type {List} */ (null));
  const live = call.value?.visit.value.messages ?? [];
  const load = async (/** @type {OutboxMessage[]} */ before) => {
    const last = before.at(-1);
    try {
      const answer = await outbox({ ...(mine && { mine: '1' }), ...(last && { before: last.at }) });
      setList({ ...answer, messages: [...before, ...answer.messages] });
    } catch {
      setList('failed');
    }
  };
  // A message of the call on the desk that is not in the list yet: begin again from the top.
  const known = new Set(list && list !== 'failed' ? list.messages.map(({ message_id }) => message_id) : []);
  const fresh = live.filter(({ message_id }) => !known.has(message_id)).length;
  useEffect(() => {
    load([]);
  }, [mine, list !== null && list !== 'failed' && fresh]);

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
      ${list === 'failed' && html`<${Empty} title=${say('outbox.failed')}><button onClick=${() => load([])}>${say('history.retry')}</button><//>`}
      ${list && list !== 'failed' && (list.messages.length ? html`
        <ul class="rows">${list.messages.map((message) => html`<${Row} key=${message.message_id} message=${newest(message, live)} />`)}</ul>
        ${list.more && html`<button class="more" onClick=${() => load(list.messages)}>${say('history.more')}</button>`}`
        : html`<${Empty} title=${say('outbox.none')}>${say('outbox.none_next')}<//>`)}
    </main>`;
}

/**
 * The message as the call's own events know it now.
 * @param {OutboxMessage} message
 * @param {import('./types.js').MessageSent[]} live
 * @returns {OutboxMessage}
 */
function newest(message, live) {
  const event = live.find(({ message_id }) => message_id === message.message_id);
  return event ? { ...message, state: event.state, reason: event.reason } : message;
}

/** @param {{message: OutboxMessage}} props */
function Row({ message }) {
  const { at, to, kind, state, reason, by, text, links } = message;
  return html`
    <li class=${state}>
      <p class="when"><time>${isToday(at) ? '' : `${shortDate(at, language.value)} `}${timeOfDay(at)}</time><span class="soft">${by || say('outbox.by_menu')}</span></p>
      <p class="whom"><b class="number">${grouped(to)}</b><span class="soft">${say(`outbox.${kind}`)}</span></p>
      <p class="text">${pieces(text, links).map(({ link, piece }) => (link ? html`<a href=${piece} target="_blank" rel="noopener noreferrer">${piece}</a>` : piece))}</p>
      <p class="how"><b>${say(`message.${state}`)}</b>${reason && html`<span>${reason}</span>`}</p>
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
