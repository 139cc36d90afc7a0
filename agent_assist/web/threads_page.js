// '#/texts': what people have written. The list to the left, the conversation in the middle, the cards to the right.
import { useEffect } from 'preact/hooks';
import { CardColumn } from './cards.js';
import { clock } from './format.js';
import { agent, now } from './house.js';
import { walk } from './history.js';
import { say } from './messages.js';
import { Places } from './places.js';
import { writerWord } from './threads_word.js';
import { Closed } from './threads_closed.js';
import { Talk } from './threads_talk.js';
import { Empty, html } from './view.js';
import { file, fileFailed, isAlarming, isOverdue, isUnread, listFailed, lists, loadWritten, officeOpen, show } from './written.js';

/** @typedef {import('./types.js').WrittenChanged} WrittenChanged */

/** @param {{contactId: string}} props '' = none open, 'closed' = those that are over */
export function Threads({ contactId }) {
  const over = contactId === 'closed';
  useEffect(() => {
    show(over ? '' : contactId);
    return () => show('');
  }, [contactId]);
  return html`
    <${Places} here="texts" />
    <main class="threads" id="live">
      <section class="list" aria-label=${say('threads.heading')}>
        <header>
          <h1>${say('threads.heading')}</h1>
          <div class="state" role="group" aria-label=${say('threads.filter')}>
            <a class=${over ? '' : 'on'} aria-current=${!over} href="#/texts">${say('threads.open')}</a>
            <a class=${over ? 'on' : ''} aria-current=${over} href="#/texts/closed">${say('threads.closed')}</a>
          </div>
        </header>
        ${over ? html`<${Closed} />` : html`<${Open} contactId=${contactId} />`}
      </section>
      <section class="thread" aria-label=${say('threads.talk')}>
        ${fileFailed.value ? html`<${Empty} title=${fileFailed.value}><a href="#/texts">${say('threads.back_to_list')}</a><//>`
          : file.value ? html`<${Talk} key=${file.value.changed.written.contact_id} file=${file.value} />`
            : contactId && !over ? html`<p class="soft">${say('history.loading')}</p>` : html`<${Empty} title=${say('threads.pick')}>${say('threads.pick_next')}<//>`}
      </section>
      <${CardColumn} />
    </main>`;
}

/** @param {{contactId: string}} props */
function Open({ contactId }) {
  const { mine, waiting, others } = lists.value;
  if (listFailed.value) return html`<${Empty} title=${say('threads.failed')}><button onClick=${loadWritten}>${say('history.retry')}</button><//>`;
  if (officeOpen.value === null) return html`<p class="soft">${say('history.loading')}</p>`;
  const none = !mine.length && !waiting.length && !others.length;
  return html`
    ${!officeOpen.value && html`<p class="office soft" role="status">${say('threads.office_closed')}</p>`}
    ${none && html`<${Empty} title=${say('threads.none')}>${say('threads.none_next')}<//>`}
    <div onKeyDown=${walk}>
      <${Group} word="threads.mine" written=${mine} contactId=${contactId} />
      <${Group} word="threads.waiting" written=${waiting} contactId=${contactId} />
      <${Group} word="threads.others" written=${others} contactId=${contactId} />
    </div>`;
}

/** @param {{word: string, written: WrittenChanged[], contactId: string}} props */
function Group({ word, written, contactId }) {
  if (!written.length) return null;
  return html`
    <h2 class="group">${say(word, { count: written.length })}</h2>
    <ul class="calls">${written.map((changed) => html`<${Line} key=${changed.written.contact_id} changed=${changed} here=${contactId} />`)}</ul>`;
}

/** @param {{changed: WrittenChanged, here: string}} props */
function Line({ changed, here }) {
  const { written } = changed;
  const { contact_id: id, owed_since: owed, last_text: words, last_by: by, photos, agent_name: name, agent_id: holder, topic } = written;
  const fresh = isUnread(written) && holder === agent.value.id;
  const late = isAlarming(changed) ? ' alarming' : isOverdue(changed) ? ' overdue' : '';
  return html`
    <li>
      <a class=${`thread-line${fresh ? ' unread' : ''}`} href=${`#/texts/${encodeURIComponent(id)}`} aria-current=${id === here}>
        <b class="number">${writerWord(written)}</b>
        <span class=${`owed${late}`}>${owed ? say(written.undelivered ? 'threads.undelivered' : late ? 'threads.late' : 'threads.owed', { time: clock((now.value - Date.parse(owed)) / 1000) }) : say('threads.answered')}</span>
        <span class="about">${by === 'them' ? '' : html`<span class="soft">${say(`threads.by.${by}`)} </span>`}${words || (photos ? say('threads.photos', { count: photos }) : '')}</span>
        <span class="soft result">${[holder && holder !== agent.value.id && name, topic].filter(Boolean).join(' · ')}</span>
        ${fresh && html`<span class="dot" aria-label=${say('threads.unread')}></span>`}
      </a>
    </li>`;
}
