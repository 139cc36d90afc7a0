// What was said, word by word: the word that is heard lights up, a click on a word plays it.
import { useEffect, useRef, useState } from 'preact/hooks';
import { effect } from '@preact/signals';
import { say } from 'desk/office/words.js';
import { html } from 'desk/view.js';
import { Edit, Heard } from '../said.js';
import { clock, saidAt } from './spoken.js';

/**
 * @param {{
 *   sound: import('./sound.js').Sound,
 *   lines: import('./spoken.js').Spoken[],
 *   hits: import('./spoken.js').Hit[],
 *   hit: number,
 *   evidence: {start: number, end: number, kind: string}[],
 *   corrections?: import('../said.js').Corrections,
 * }} props hit: which of the hits is looked at, -1 = none
 */
export function Words({ sound, lines, hits, hit, evidence, corrections }) {
  const list = useRef(/** @type {HTMLOListElement | null} */ (null));
  const [now, setNow] = useState({ line: -1, tokens: /** @type {number[]} */ ([]) });
  useEffect(() => effect(() => {
    const next = saidAt(lines, sound.at.value);
    setNow((before) => (before.line === next.line && before.tokens.join() === next.tokens.join() ? before : next));
  }), [sound, lines]);
  const looked = hits[hit]?.line ?? -1;
  // What is heard, or was found, is always in sight; what she scrolled to by herself stays while nothing plays.
  useEffect(() => { if (sound.playing.value) show(list.current, now.line); }, [now.line]);
  useEffect(() => show(list.current, looked), [hit, hits]);
  const [edits, setEdits] = useState('');
  const correct = async (/** @type {string} */ utterance, /** @type {string} */ text) => {
    await corrections?.correct(utterance, text);
    setEdits('');
  };
  const play = (/** @type {Event} */ event) => {
    const word = /** @type {HTMLElement} */ (event.target).closest('[data-at]');
    if (word instanceof HTMLElement) void sound.play(Number(word.dataset.at));
  };
  return html`
    <ol class="said" ref=${list} onClick=${play}>
      ${lines.map((line, number) => html`
        <${Line} key=${line.utterance} line=${line} said=${now.line === number ? now.tokens : NOBODY} here=${now.line === number}
          found=${hits.length ? hits.filter((one) => one.line === number) : NONE} looked=${hits[hit]?.line === number ? hits[hit] : null}
          alert=${evidence.some((one) => one.start < line.end && line.start < one.end)}
          corrections=${corrections} edits=${edits !== '' && edits === line.utterance} onEdit=${setEdits} onCorrect=${correct} />`)}
    </ol>`;
}

/** @type {number[]} */
const NOBODY = [];
/** @type {import('./spoken.js').Hit[]} */
const NONE = [];

/** @param {{line: import('./spoken.js').Spoken, said: number[], here: boolean, found: import('./spoken.js').Hit[], looked: import('./spoken.js').Hit | null, alert: boolean, corrections?: import('../said.js').Corrections, edits: boolean, onEdit: (utterance: string) => void, onCorrect: (utterance: string, text: string) => void}} props */
function Line({ line, said, here, found, looked, alert, corrections, edits, onEdit, onCorrect }) {
  const correction = corrections?.of.get(line.utterance);
  const text = line.tokens.map(([word]) => word).join(' ');
  return html`
    <li class=${`by-${line.speaker}${here ? ' here' : ''}${alert ? ' alert' : ''}`} aria-current=${here ? 'true' : undefined}>
      <button class="from" data-at=${line.start} aria-label=${say('player.from', { time: clock(line.start) })}>${clock(line.start)}</button>
      <b>${say(`player.${line.speaker}`)}</b>
      ${edits ? html`<${Edit} text=${correction?.text ?? text} heard=${correction?.original ?? text} onDone=${(/** @type {string} */ wanted) => onCorrect(line.utterance, wanted)} onLeave=${() => onEdit('')} />` : html`<p>${line.tokens.map(([text, start], n) => html`<span key=${n} data-at=${start} class=${kind(text, n, said, found, looked)}>${text}</span> `)}
        ${line.aside && html`<small>${say('player.aside')}</small>`}
        ${line.corrected && html`<small>${say('player.corrected')}</small>`}
        ${alert && html`<small class="of-alert">${say('player.evidence')}</small>`}
        ${corrections?.may && html`<button class="quiet fix" onClick=${() => onEdit(line.utterance)}>${say('player.fix')}</button>`}
        ${corrections && correction && html`<${Heard} correction=${correction} onReview=${corrections.review} />`}</p>`}
    </li>`;
}

/** @param {string} text @param {number} n @param {number[]} said @param {import('./spoken.js').Hit[]} found @param {import('./spoken.js').Hit | null} looked */
function kind(text, n, said, found, looked) {
  const within = (/** @type {import('./spoken.js').Hit} */ one) => one.first <= n && n <= one.last;
  return [
    said.includes(n) && 'now',
    text.startsWith('[') && 'masked',
    found.some(within) && 'found',
    looked && within(looked) && 'looked',
  ].filter(Boolean).join(' ');
}

/** @param {HTMLOListElement | null} list @param {number} number */
function show(list, number) {
  const line = list?.children[number];
  if (!list || !(line instanceof HTMLElement)) return;
  const [top, bottom] = [line.offsetTop - list.offsetTop, line.offsetTop - list.offsetTop + line.offsetHeight];
  if (top < list.scrollTop || bottom > list.scrollTop + list.clientHeight) list.scrollTo({ top: top - list.clientHeight / 3, behavior: 'smooth' });
}
