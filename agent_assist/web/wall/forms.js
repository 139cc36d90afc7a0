// The small forms beside the chosen: a note, a state with its reason, a take-over. Enter does it, Esc leaves it.
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { typed } from '../office/page.js';
import { say } from '../office/words.js';
import { Key, html } from '../view.js';
import { close, form, ringing, sendNote, setState, takeOver } from './deeds.js';
import { groupOf } from './order.js';
import { agents, reasons } from './picture.js';
import { reasonWord } from './signs.js';
import { meant } from './view.js';

const LONGEST_NOTE = 300;
const LONGEST_REASON = 100;
const STATES = ['ready', 'away', 'away_after_call', 'wrap_up', 'signed_out'];
/** A call has her: she may be away once it is over. */
const BUSY = new Set(['offered', 'talking', 'wrap_up']);
const OTHER = '\u0000';

export function Form() {
  const box = useRef(/** @type {HTMLFormElement | null} */ (null));
  const { agentId, callId } = meant.value;
  useLayoutEffect(() => { // at once: the next key is meant for what has just opened
    const first = box.current?.querySelector('[data-first]');
    if (first instanceof HTMLElement) first.focus();
  }, [form.value]);
  if (form.value === 'note') return html`<${Note} box=${box} agentId=${agentId} />`;
  if (form.value === 'state' && agentId) return html`<${State} box=${box} agentId=${agentId} key=${agentId} />`;
  if (form.value === 'takeover' && callId) return html`<${TakeOver} box=${box} callId=${callId} />`;
  return null;
}

/** @param {() => unknown} deed */
const sending = (deed) => (/** @type {Event} */ event) => { event.preventDefault(); deed(); };

/** @param {{label: string, disabled?: boolean}} props */
const Buttons = ({ label, disabled }) => html`
  <p class="deeds"><button class="main" disabled=${disabled}>${label} <${Key}>Enter<//></button>
    <button type="button" class="quiet" onClick=${close}>${say('form.close')} <${Key}>Esc<//></button></p>`;

/** @param {{box: import('preact').RefObject<HTMLFormElement>, agentId: string}} props */
function Note({ box, agentId }) {
  const [text, setText] = useState('');
  const [to, setTo] = useState(agentId ? 'agent' : 'all');
  const agent = agents.value[agentId];
  const team = agent ? groupOf(agent) : '';
  const send = () => text.trim() && sendNote(to === 'agent' ? { agent: agentId } : to === 'team' ? { team } : {}, text.trim());
  return html`
    <form ref=${box} onSubmit=${sending(send)} aria-label=${say('note.title')}>
      <label>${say('note.to')} <select value=${to} onChange=${(/** @type {Event} */ event) => setTo(typed(event))}>
        ${agent && html`<option value="agent">${agent.name}</option>`}
        ${team && html`<option value="team">${say('note.team', { team })}</option>`}
        <option value="all">${say('note.all')}</option></select></label>
      <label>${say('note.text')}<textarea data-first rows="3" maxlength=${LONGEST_NOTE} value=${text} onInput=${(/** @type {Event} */ event) => setText(typed(event))}
        onKeyDown=${(/** @type {KeyboardEvent} */ event) => { if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) { event.preventDefault(); send(); } }}></textarea></label>
      <p class="soft">${say('note.hint')}</p>
      <${Buttons} label=${say('note.send')} disabled=${!text.trim()} />
    </form>`;
}

/** @param {{box: import('preact').RefObject<HTMLFormElement>, agentId: string}} props */
function State({ box, agentId }) {
  const agent = agents.value[agentId];
  const now = agent?.state ?? 'away';
  const busy = BUSY.has(now);
  const [state, setTo] = useState(now === 'away' ? 'ready' : busy ? 'away_after_call' : 'away');
  const [reason, setReason] = useState(reasons.value[0] ?? OTHER);
  const [own, setOwn] = useState('');
  const leaves = state === 'away' || state === 'away_after_call';
  const why = (reason === OTHER || !leaves ? own : reason).trim();
  const free = !leaves || reason === OTHER;
  return html`
    <form ref=${box} onSubmit=${sending(() => why && setState(agentId, state, why))} aria-label=${say('set.title')}>
      <label>${say('set.to', { name: agent?.name ?? agentId })} <select data-first value=${state} onChange=${(/** @type {Event} */ event) => setTo(typed(event))}>
        ${STATES.filter((name) => busy || name !== 'away_after_call').map((name) => html`<option key=${name} value=${name}>${say(`set.${name}`)}</option>`)}</select></label>
      ${leaves && html`<label>${say('set.reason')} <select value=${reason} onChange=${(/** @type {Event} */ event) => setReason(typed(event))}>
        ${reasons.value.map((name) => html`<option key=${name} value=${name}>${reasonWord(name)}</option>`)}
        <option value=${OTHER}>${say('set.other')}</option></select></label>`}
      ${free && html`<label>${say('set.why')}<input type="text" maxlength=${LONGEST_REASON} value=${own} onInput=${(/** @type {Event} */ event) => setOwn(typed(event))} /></label>`}
      <p class="soft">${say('set.hint')}</p>
      <${Buttons} label=${say('set.do')} disabled=${!why} />
    </form>`;
}

/** @param {{box: import('preact').RefObject<HTMLFormElement>, callId: string}} props */
function TakeOver({ box, callId }) {
  const [reason, setReason] = useState('');
  return html`
    <form ref=${box} onSubmit=${sending(() => ringing.value || takeOver(callId, reason.trim()))} aria-label=${say('takeover.title')}>
      <p>${say('takeover.means')}</p>
      <label>${say('takeover.reason')}<input data-first type="text" maxlength=${LONGEST_REASON} value=${reason} onInput=${(/** @type {Event} */ event) => setReason(typed(event))} /></label>
      <${Buttons} label=${ringing.value ? say('deed.ringing') : say('takeover.do')} disabled=${ringing.value !== ''} />
    </form>`;
}
