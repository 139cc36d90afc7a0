// One written contact: who writes, what was said as on a phone, what to do with it, the answer below.
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { timeOfDay } from './format.js';
import { agent, writtenCall } from './house.js';
import { language, say } from './messages.js';
import { Answer } from './threads_answer.js';
import { Bubble } from './threads_bubble.js';
import { CloseWith, HandOn, ask, asking } from './threads_asking.js';
import { Enlarged } from './threads_photo.js';
import { writerWord } from './threads_word.js';
import { WrittenAlerts } from './threads_alert.js';
import { toggleRecord } from './panel.js';
import { Empty, Key, html } from './view.js';
import { isHers, isOverdue, take, toWriteUp } from './written.js';

/** @typedef {import('./types.js').WrittenFile} WrittenFile */
/** @typedef {import('./types.js').SaidText} SaidText */

/** So near its lower end the talk follows what comes, px. */
const NEAR = 80;

/** @param {{file: WrittenFile}} props */
export function Talk({ file }) {
  const { changed: { written }, said, may_read: mayRead } = file;
  const [query, setQuery] = useState('');
  const words = query.trim().toLowerCase();
  const found = words ? said.filter(({ text }) => text.toLowerCase().includes(words)) : [];
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const atEnd = useRef(true);
  useLayoutEffect(() => {
    if (atEnd.current && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [said.length, written.contact_id, asking.value]);
  useEffect(() => {
    if (words) box.current?.querySelector('.sms.found')?.scrollIntoView({ block: 'center' });
  }, [words]);
  return html`
    <${Head} file=${file} />
    ${mayRead && html`<div class="thread-tools">
      <input type="text" class="find" aria-label=${say('threads.search')} placeholder=${say('threads.search')} value=${query}
        onInput=${(/** @type {InputEvent} */ event) => setQuery(/** @type {HTMLInputElement} */ (event.target).value)} />
      <span class="soft" role="status">${words && say('threads.found', { count: found.length })}</span>
      <${Deeds} />
    </div>`}
    ${writtenCall.value && html`<${WrittenAlerts} call=${writtenCall.value} />`}
    ${asking.value === 'close' && html`<${CloseWith} written=${written} />`}
    ${asking.value === 'hand' && html`<${HandOn} written=${written} />`}
    ${mayRead && html`<div class="talk" id="words" tabindex="0" ref=${box} role="log" aria-label=${say('threads.talk')}
      onScroll=${() => { const it = box.current; if (it) atEnd.current = it.scrollHeight - it.scrollTop - it.clientHeight < NEAR; }}>
      ${days(said).map(([day, texts]) => html`
        <section key=${day}>
          <h3 class="day">${day}</h3>
          ${texts.map((one) => html`<${Bubble} key=${one.id} said=${one} here=${written.contact_id} words=${words} />`)}
        </section>`)}
    </div>`}
    ${!mayRead && html`<${Empty} title=${say('threads.unread_by_you')}>${say(written.state === 'closed' ? 'threads.not_yours' : 'threads.unread_next')}<//>`}
    ${written.state === 'closed' ? html`<p class="over" role="status">${say(`threads.over.${written.closed}`)}
          ${toWriteUp.value && html`<button onClick=${toggleRecord}>${say('record.heading')} <${Key}>D<//></button>`}</p>`
      : isHers.value ? html`<${Answer} file=${file} />`
        : html`<p class="over" role="status">${say(written.agent_id ? 'threads.is_of' : 'threads.waits', { name: written.agent_name })}
          <button class="main" onClick=${() => take(written.contact_id)}>${say('threads.take')} <${Key}>R<//></button></p>`}
    <${Enlarged} />`;
}

/** @param {{file: WrittenFile}} props */
function Head({ file }) {
  const { changed, reply_to: call } = file;
  const { written } = changed;
  const late = isOverdue(changed);
  return html`
    <header class="call-head">
      <p class="caller-number">${writerWord(written)}</p>
      <p class=${`call-state${late ? ' overdue' : ''}`}>${say(written.undelivered ? 'threads.state.undelivered' : `threads.state.${written.state}`)}${written.agent_name && written.agent_id !== agent.value.id ? ` · ${written.agent_name}` : ''}</p>
      <p class="topic">${written.topic}</p>
      ${call && html`<a class="reply-to" href=${`#/calls/${encodeURIComponent(call.call_id)}`}>${say('threads.reply_to', { time: timeOfDay(call.started) })}</a>`}
    </header>`;
}

function Deeds() {
  if (!isHers.value) return html`<span class="deeds"></span>`;
  return html`
    <span class="deeds">
      <button aria-expanded=${asking.value === 'hand'} onClick=${() => ask('hand')}>${say('threads.hand')} <${Key}>T<//></button>
      <button aria-expanded=${asking.value === 'close'} onClick=${() => ask('close')}>${say('threads.close')} <${Key}>Y<//></button>
    </span>`;
}

/**
 * The texts by day, each day with its name.
 * @param {SaidText[]} said
 * @returns {[string, SaidText[]][]}
 */
function days(said) {
  const names = new Intl.DateTimeFormat(language.value, { year: 'numeric', month: 'long', day: 'numeric', weekday: 'short' });
  /** @type {Map<string, SaidText[]>} */
  const found = new Map();
  for (const one of said) {
    const day = names.format(new Date(one.at));
    found.set(day, [...(found.get(day) ?? []), one]);
  }
  return [...found];
}
