// The top line: my state, search, queue, me.
import { useEffect, useRef, useState } from 'preact/hooks';
import { Away } from './away.js';
import { clock } from './format.js';
import { agent, centre, choose, hotDesk, lasted, may, mine, now, queue, wrapUpLeft } from './house.js';
import { alerts, rising } from './issues.js';
import { language, say, speak } from './messages.js';
import { waiting } from './records_kept.js';
import { Search } from './search.js';
import { Seat } from './seat.js';
import { TextSign } from './threads_sign.js';
import { Key, html } from './view.js';

/** The key that leads from a page of records back to the call. @type {Record<string, string>} */
const BACK = { texts: 'F', calls: 'H', outbox: 'O', callbacks: 'B', issues: 'I' };

/** @param {{page: string, onHelp: () => void}} props page: of the records, '' = the live call */
export function Top({ page, onHelp }) {
  return html`
    <header class="top">
      <p class="centre">${centre}</p>
      <${State} />
      <${Search} />
      <${Queue} />
      <${TextSign} />
      ${may('supervisor') && html`<${Sign} /><a class="tab door" href="/wall">${say('nav.wall')}</a>`}
      ${may('editor', 'owner', 'supervisor') && html`<a class="tab door" href="/kb">${say('nav.admin')}</a>`}
      <a class="tab" href="/records#/unasked" target="_blank" title=${say('nav.records_waiting')}>${say('nav.records')} <b class=${`count${waiting.value ? ' on' : ''}`}>${waiting}</b></a>
      <a class="tab" href=${page ? '#/' : '#/calls'}>${say(page ? 'nav.live' : 'nav.history')} <${Key}>${BACK[page] ?? 'H'}<//></a>
      <${Me} onHelp=${onHelp} />
    </header>`;
}

/** How many issues rise and how many calls have an alert, always in the same room. */
function Sign() {
  const [issues, open] = [rising.value, alerts.value.length];
  return html`
    <a class="tab sign" href="#/issues">
      ${say('nav.issues')} <b class=${`count${issues ? ' on' : ''}`}>${issues}</b>
      <span class="heard-out">${say('issue.sign', { issues, alerts: open })}</span>
      <span class=${`alert-sign${open ? ' on' : ''}`} role="status">${open > 0 && say('issue.alert_sign', { count: open })}</span>
    </a>`;
}

function State() {
  const { state } = mine.value;
  const talking = state === 'talking' || state === 'offered';
  const left = wrapUpLeft.value;
  const time = left === null ? lasted.value : left;
  return html`
    <div class="state" role="group" aria-label=${say('state.label')}>
      <${Choice} value="ready" time=${time} />
      <span class=${talking ? 'on' : ''} aria-current=${talking}>${say(state === 'offered' ? 'state.offered' : 'state.talking')}${talking && html` <b>${clock(time)}</b>`}</span>
      <span class=${state === 'wrap_up' ? 'on' : ''} aria-current=${state === 'wrap_up'}>${say('state.wrap_up')}${state === 'wrap_up' && html` <b>${clock(time)}</b>`}</span>
      <${Away} time=${time} />
    </div>`;
}

/** @param {{value: 'ready', time: number}} props */
function Choice({ value, time }) {
  const { state } = mine.value;
  const on = state === value;
  return html`
    <button class=${on ? 'on' : ''} aria-pressed=${on} disabled=${state === 'talking' || state === 'offered'} onClick=${() => on || choose(value)}>
      ${say(`state.${value}`)}${on && html` <b>${clock(time)}</b>`}
    </button>`;
}

function Queue() {
  const { waiting, longest_since: since, expect_s: expected = 0 } = queue.value;
  return html`
    <p class="queue">
      ${waiting === 0 ? say('queue.none') : html`
        <b>${say('queue.waiting', { count: waiting })}</b>
        ${since && html` <span>${say('queue.longest', { time: clock((now.value - Date.parse(since)) / 1000) })}</span>`}
        ${expected > 0 && html` <span>${say('queue.expected', { time: clock(expected) })}</span>`}`}
    </p>`;
}

/** In a call the first press asks: the call is not cut, but nobody signs out of it by a slip. */
function SignOut() {
  const [asked, setAsked] = useState(false);
  const busy = ['offered', 'talking'].includes(mine.value.state);
  const leave = (/** @type {Event} */ event) => {
    if (!busy || asked) return;
    event.preventDefault();
    setAsked(true);
  };
  return html`
    <form method="post" action="/signout" onSubmit=${leave}>
      ${asked && busy && html`<p class="soft" role="alert">${say('me.signout_in_call')}</p>`}
      <button>${say(asked && busy ? 'me.signout_yes' : 'me.signout')}</button>
    </form>`;
}

/** @param {{onHelp: () => void}} props */
function Me({ onHelp }) {
  const [open, setOpen] = useState(false);
  const box = useRef(/** @type {HTMLDivElement | null} */ (null));
  const { name, extension } = agent.value;
  useEffect(() => {
    if (!open) return undefined;
    const leave = (/** @type {Event} */ event) => {
      const left = event instanceof KeyboardEvent ? event.key === 'Escape' : !box.current?.contains(/** @type {Node} */ (event.target));
      if (left) setOpen(false);
    };
    document.addEventListener('pointerdown', leave);
    document.addEventListener('keydown', leave);
    return () => {
      document.removeEventListener('pointerdown', leave);
      document.removeEventListener('keydown', leave);
    };
  }, [open]);
  return html`
    <div class="me" ref=${box}>
      <button aria-expanded=${open} aria-label=${[name, extension && say('me.extension', { extension }), '·', say('me.menu')].filter(Boolean).join(' ')} onClick=${() => setOpen(!open)}>
        <b>${name}</b>${extension && html`<span class="ext"> ${say('me.extension', { extension })}</span>`} <span aria-hidden="true">▾</span>
      </button>
      ${open && html`
        <div class="menu">
          ${hotDesk.value && html`<${Seat} onDone=${() => setOpen(false)} />`}
          <button onClick=${() => { setOpen(false); onHelp(); }}>${say('me.help')} <${Key}>?<//></button>
          <button lang=${language.value === 'ko' ? 'en' : 'ko'} onClick=${() => speak(language.value === 'ko' ? 'en' : 'ko')}>${say('me.language')}</button>
          ${may('supervisor') && html`<a class="item" href="/wall">${say('nav.wall')}</a>`}
          ${may('editor', 'owner', 'supervisor') && html`<a class="item" href="/kb">${say('nav.admin')}</a>`}
          <a class="item" href="/account" target="_blank">${say('me.account')}</a>
          <${SignOut} />
        </div>`}
    </div>`;
}
