/* The words of the call, newest at the bottom. An utterance that is not over keeps its place; what I write is there at once. */

import { byId, say } from './draw.js';

/** @typedef {{utterance: string, speaker: 'caller' | 'agent', text: string, final?: boolean}} Line */

/** @param {string} speaker @param {string} words @param {string} note */
function paragraph(speaker, words, note = '') {
  const line = document.createElement('p'), who = document.createElement('b');
  line.className = 'line ' + speaker;
  who.textContent = say(speaker === 'caller' ? 'captions.you' : 'captions.agent') + (note ? ` · ${note}` : '');
  line.append(who, words);
  return line;
}

/** A line of the call. @param {Line} line */
export function put(line) {
  const lines = document.getElementById('lines');
  if (!lines) return;
  document.getElementById('empty')?.remove();
  const old = lines.querySelector(`[data-u="${CSS.escape(line.utterance)}"]`);
  if (!line.text) { old?.remove(); return; }
  const fresh = paragraph(line.speaker, line.text);
  fresh.dataset.u = line.utterance;
  if (line.final === false) {
    fresh.classList.add('now');
    fresh.setAttribute('aria-hidden', 'true');  // read out once, when it stands
  }
  const pending = line.utterance.startsWith('typed') ? lines.querySelector('.sending') : null;
  const place = old ?? pending;
  if (place && place.textContent === fresh.textContent && place.className === fresh.className) return;
  if (place) place.replaceWith(fresh);
  else lines.insertBefore(fresh, line.utterance.startsWith('typed') ? null : lines.querySelector('.sending'));
  if (following) toEnd();
  else newest(lines);
}

/** All lines so far: what is there already stays. @param {Line[]} all */
export function putAll(all) {
  for (const line of all) put(line);
}

/** What I have just written. @param {string} text @param {string} mark */
export function writing(text, mark) {
  const lines = document.getElementById('lines');
  if (!lines) return;
  document.getElementById('empty')?.remove();
  const line = paragraph('caller', text, say('captions.sending'));
  line.classList.add('sending');
  line.dataset.mark = mark;
  lines.append(line);
  toEnd();
}

/** It has not arrived. @param {string} mark @param {(text: string) => void} again */
export function unsent(mark, again) {
  const line = /** @type {HTMLElement | null} */ (document.querySelector(`#lines [data-mark="${CSS.escape(mark)}"]`));
  if (!line) return;
  const text = line.lastChild?.textContent ?? '';
  const fresh = paragraph('caller', text, say('captions.not_sent')), button = document.createElement('button');
  button.className = 'button';
  button.type = 'button';
  button.textContent = byId('say')?.closest('form')?.querySelector('button')?.textContent ?? '↻';
  button.onclick = () => { fresh.remove(); again(text); };
  fresh.append(document.createElement('br'), button);
  line.replaceWith(fresh);
  toEnd();
}

/** The captions have just been opened. */
export function opened() {
  if (document.getElementById('lines')) toEnd();
}

/** Until she scrolls up herself: a keyboard that opens, or a line that grows, is no wish to read elsewhere. */
let following = true, top = 0;
addEventListener('scroll', () => {
  if (atEnd()) following = true;
  else if (scrollY < top) following = false;
  top = scrollY;
}, { passive: true });

const atEnd = () => scrollY + innerHeight > document.documentElement.scrollHeight - 120;

function toEnd() {
  following = true;
  scrollTo(0, document.documentElement.scrollHeight);
  top = scrollY;
  document.querySelector('.newest')?.remove();
}

/** @param {HTMLElement} lines who reads further up is not torn away */
function newest(lines) {
  if (document.querySelector('.newest')) return;
  const button = document.createElement('button');
  button.className = 'button main newest';
  button.type = 'button';
  button.textContent = '↓ ' + say('captions.newest');
  button.onclick = toEnd;
  lines.after(button);
}
