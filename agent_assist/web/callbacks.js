// Callers who are called back: who is next, what came of the others.
import { useEffect, useState } from 'preact/hooks';
import { Fault, callbacks, closeCallback } from './api.js';
import { grouped, isToday, shortDate, timeOfDay } from './format.js';
import { call, tell } from './house.js';
import { language, say } from './messages.js';
import { Places } from './places.js';
import { Empty, html } from './view.js';

/** @typedef {import('./types.js').Callback} Callback */
/** @typedef {import('./types.js').CallbackPage | null | 'failed'} List */

/** Bookings come from every call, not only from mine: looked at again so often. */
const AGAIN_MS = 10_000;

export function Callbacks() {
  const [list, setList] = useState(/** @type {List} */ (null));
  const booked = call.value?.visit.value.callback;
  const load = async () => {
    try {
      const answer = await callbacks({});
      setList((before) => ({ ...answer, ...older(answer, before) }));
    } catch {
      setList((before) => before && before !== 'failed' ? before : 'failed');
    }
  };
  const more = async (/** @type {Callback[]} */ before) => {
    try {
      const answer = await callbacks({ before: /** @type {Callback} */ (before.at(-1)).since });
      setList((now) => now && now !== 'failed' ? { ...now, closed: [...before, ...answer.closed], more: answer.more } : now);
    } catch (trouble) {
      if (trouble instanceof Fault) tell(trouble.message);
    }
  };
  const close = async (/** @type {Callback} */ one, /** @type {'done' | 'cancel'} */ deed) => {
    try {
      await closeCallback(one.callback_id, deed);
      tell(say(`callbacks.told_${deed}`, { number: grouped(one.number) }));
    } catch (trouble) {
      if (!(trouble instanceof Fault)) throw trouble;
      tell(trouble.message);
    }
    load();
  };
  useEffect(() => {
    load();
    const timer = setInterval(load, AGAIN_MS);
    return () => clearInterval(timer);
  }, [booked]);

  return html`
    <${Places} here="callbacks" />
    <main class="sheet" id="live">
      <header><h1>${say('callbacks.heading')}</h1></header>
      ${list === null && html`<p class="soft">${say('history.loading')}</p>`}
      ${list === 'failed' && html`<${Empty} title=${say('callbacks.failed')}><button onClick=${load}>${say('history.retry')}</button><//>`}
      ${list && list !== 'failed' && html`
        ${list.open.length ? html`
          <ul class="rows">${list.open.map((one) => html`<${Row} key=${one.callback_id} one=${one} onClose=${close} />`)}</ul>`
          : html`<${Empty} title=${say('callbacks.none')}>${say('callbacks.none_next')}<//>`}
        ${list.closed.length > 0 && html`
          <h2>${say('callbacks.closed')}</h2>
          <ul class="rows">${list.closed.map((one) => html`<${Row} key=${one.callback_id} one=${one} />`)}</ul>
          ${list.more && html`<button class="more" onClick=${() => more(list.closed)}>${say('history.more')}</button>`}`}`}
    </main>`;
}

/**
 * What she has paged on to stays when the first page is looked at again.
 * @param {import('./types.js').CallbackPage} answer
 * @param {List} before
 */
function older(answer, before) {
  if (!before || before === 'failed') return {};
  const last = answer.closed.at(-1)?.since;
  const rest = last === undefined ? [] : before.closed.filter(({ since }) => Date.parse(since) < Date.parse(last));
  return rest.length ? { closed: [...answer.closed, ...rest], more: before.more } : {};
}

/** @param {{one: Callback, onClose?: (one: Callback, deed: 'done' | 'cancel') => void}} props */
function Row({ one, onClose }) {
  // Nobody would call this number any more: like hanging up, that takes two presses.
  const [armed, setArmed] = useState(false);
  const { since, number, state, position, tries, agent, next_at: next } = one;
  return html`
    <li class=${state} data-callback=${one.callback_id}>
      <p class="when"><time>${isToday(since) ? '' : `${shortDate(since, language.value)} `}${timeOfDay(since)}</time><span class="soft">${agent}</span></p>
      <p class="whom"><b class="number">${grouped(number)}</b>${tries > 0 && html`<span class="soft">${say('callbacks.tries', { count: tries })}</span>`}</p>
      <p class="text"><b>${say(`callback.${state}`)}</b>${position > 0 && ` · ${say('callback.position', { position })}`}${next && ` · ${say('callbacks.next', { time: timeOfDay(next) })}`}</p>
      ${onClose && html`
        <p class="deeds">
          <button onClick=${() => onClose(one, 'done')}>${say('callbacks.done')}</button>
          <button class="quiet" onClick=${() => (armed ? onClose(one, 'cancel') : setArmed(true))} onBlur=${() => setArmed(false)}>${say(armed ? 'callbacks.cancel_again' : 'callbacks.cancel')}</button>
        </p>`}
    </li>`;
}
