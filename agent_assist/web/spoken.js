// In what language the call is heard: a sign in its head, and the list from which she chooses another.
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { signal } from '@preact/signals';
import { speaks } from './api.js';
import { attempt, call, languages, mine } from './house.js';
import { say } from './messages.js';
import { Key, html } from './view.js';

/** The list is open. */
const open = signal(false);

/** A language in its own words: 'ko' -> 한국어. @param {string} code */
export function nameOf(code) {
  try {
    return new Intl.DisplayNames([code], { type: 'language' }).of(code) ?? code;
  } catch { // no language that anybody knows
    return code;
  }
}

/** What the call is heard in; '' where there is nothing to choose and nobody chose. @param {import('./call.js').Call} current */
const heardIn = (current) => current.language.value?.language ?? languages.value[0]?.language ?? '';

/** Whether she may say what her caller speaks. */
const mayChoose = () => mine.value.state === 'talking' && languages.value.length > 1 && !call.value?.facts.value.ended;

/** S: open the list, or close it. */
export function toggleLanguages() {
  if (mayChoose() || open.value) open.value = !open.value;
}

/** The sign in the call's head. @param {{call: import('./call.js').Call}} props */
export function Spoken({ call: current }) {
  const box = useRef(/** @type {HTMLDivElement | null} */ (null));
  const code = heardIn(current);
  const shown = open.value && mayChoose();
  useEffect(() => () => { open.value = false; }, [current.id]);
  useEffect(() => {
    if (!shown) return undefined;
    const leave = (/** @type {PointerEvent} */ event) => {
      if (!box.current?.contains(/** @type {Node} */ (event.target))) open.value = false;
    };
    document.addEventListener('pointerdown', leave);
    return () => document.removeEventListener('pointerdown', leave);
  }, [shown]);
  if (!code) return null;
  const unheard = current.language.value?.heard === false;
  const name = html`<span lang=${code}>${nameOf(code)}</span>`;
  return html`
    <div class="spoken" ref=${box} onKeyDown=${(/** @type {KeyboardEvent} */ event) => walk(event, box.current)}>
      ${mayChoose() ? html`
        <button class=${`spoken-sign${unheard ? ' unheard' : ''}`} aria-expanded=${shown} title=${say('language.choose')} onClick=${() => { open.value = !open.value; }}>
          <span class="heard-out">${say('language.choose')}:</span> ${name} <${Key}>S<//>
        </button>` : html`<p class=${`spoken-sign${unheard ? ' unheard' : ''}`} title=${say('language.sign', { language: nameOf(code) })}>${name}</p>`}
      <p class="heard-out" role="status">${current.language.value && say('language.sign', { language: nameOf(code) })}</p>
      ${shown && html`<${List} current=${current} code=${code} />`}
    </div>`;
}

/** @param {{current: import('./call.js').Call, code: string}} props */
function List({ current, code }) {
  const list = useRef(/** @type {HTMLDivElement | null} */ (null));
  useLayoutEffect(() => /** @type {HTMLElement | null} */ (list.current?.querySelector('[aria-current="true"]') ?? list.current?.querySelector('button'))?.focus(), []);
  return html`
    <div class="spoken-list" role="group" aria-label=${say('language.choose')} ref=${list}>
      <p class="soft">${say('language.choose')}</p>
      ${languages.value.map(({ language, heard }) => html`
        <button key=${language} aria-current=${language === code} onClick=${() => choose(current.id, language, code)}>
          <span lang=${language}>${nameOf(language)}</span>${!heard && html` <small>${say('language.no_words')}</small>`}
        </button>`)}
    </div>`;
}

/** @param {string} callId @param {string} language @param {string} before */
function choose(callId, language, before) {
  close();
  if (language !== before) attempt(() => speaks(callId, language));
}

/** Back to the sign from which the list was opened. */
function close() {
  open.value = false;
  /** @type {HTMLElement | null} */ (document.querySelector('.spoken-sign'))?.focus();
}

/** Arrow keys walk the list, Esc closes it alone. @param {KeyboardEvent} event @param {HTMLElement | null} box */
function walk(event, box) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!open.value || (!step && event.key !== 'Escape')) return;
  event.preventDefault();
  event.stopPropagation();
  if (!step) return close();
  const buttons = [.../** @type {NodeListOf<HTMLElement>} */ (box?.querySelectorAll('.spoken-list button') ?? [])];
  const at = buttons.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  buttons[(at + step + buttons.length) % buttons.length]?.focus();
}

/** Nobody writes this call's words: why, and that nothing else is different. @param {{call: import('./call.js').Call}} props */
export function Unheard({ call: current }) {
  const unheard = current.language.value?.heard === false && !current.facts.value.ended;
  return html`<div role="status">${unheard && html`<p class="unheard-band"><b>${say('language.unheard')}</b> ${say('language.unheard_next')}</p>`}</div>`;
}
