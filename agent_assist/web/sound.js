// How each side sounds: three bars, and a word when it is not good. What it means, and what to do, is one press away.
import { useEffect, useRef, useState } from 'preact/hooks';
import { known, say } from './messages.js';
import { html } from './view.js';

/** @typedef {import('./types.js').QualityChanged} QualityChanged */
/** @typedef {import('./types.js').Speaker} Speaker */
/**
 * @typedef {object} Side
 * @property {QualityChanged | null} now  Null when that leg is over.
 * @property {QualityChanged} worst       With the worst grade of all.
 * @property {QualityChanged | null} life The figures of a leg that is over.
 */
/** @typedef {Partial<Record<Speaker, Side>>} Sound */

/** @type {Sound} */
export const NO_SOUND = {};
/** @type {readonly Speaker[]} */
const SIDES = ['caller', 'agent', 'third'];
const ORDER = ['good', 'fair', 'poor', 'none'];

/** @param {Sound} sound @param {QualityChanged} event @returns {Sound} */
export function soundAfter(sound, event) {
  const side = sound[event.speaker];
  const worse = !side || ORDER.indexOf(event.grade) > ORDER.indexOf(side.worst.grade);
  return {
    ...sound,
    [event.speaker]: { now: event.final ? null : event, worst: worse ? event : side.worst, life: event.final ? event : side?.life ?? null },
  };
}

/** The signs in the call's head. @param {{call: import('./call.js').Call}} props */
export function SoundSigns({ call }) {
  const [open, setOpen] = useState(false);
  const box = useRef(/** @type {HTMLDivElement | null} */ (null));
  const sides = SIDES.flatMap((who) => call.sound.value[who]?.now ?? []);
  useEffect(() => {
    if (!open) return undefined;
    const leave = (/** @type {Event} */ event) => {
      const left = event instanceof KeyboardEvent ? event.key === 'Escape' : !box.current?.contains(/** @type {Node} */ (event.target));
      if (!left) return;
      if (event instanceof KeyboardEvent) event.stopPropagation(); // Esc closes this alone
      setOpen(false);
    };
    document.addEventListener('pointerdown', leave);
    document.addEventListener('keydown', leave, true);
    return () => {
      document.removeEventListener('pointerdown', leave);
      document.removeEventListener('keydown', leave, true);
    };
  }, [open]);
  if (!sides.length) return null;
  return html`
    <div class="sound" ref=${box}>
      <button class="sound-signs" aria-expanded=${open} aria-label=${`${say('sound.heading')}: ${sides.map(sentence).join(', ')}`} title=${sides.map(sentence).join('\n')} onClick=${() => setOpen(!open)}>
        ${sides.map((quality) => html`<${Sign} key=${quality.speaker} quality=${quality} />`)}
      </button>
      <p class="heard-out" role="status">${sides.filter(({ grade }) => grade !== 'good').map(sentence).join(', ')}</p>
      ${open && html`
        <div class="sound-detail">
          ${sides.map((quality) => html`<${Detail} key=${quality.speaker} quality=${quality} />`)}
          <p class="soft">${say('sound.explained')}</p>
        </div>`}
    </div>`;
}

/** @param {{quality: QualityChanged}} props */
function Sign({ quality: { speaker, grade, causes } }) {
  return html`
    <span class=${`sound-sign ${grade}`} data-side=${speaker}>
      <${Bars} grade=${grade} /> ${say(`speaker.${speaker}`)}${grade !== 'good' && html` <b>${word(grade, causes)}</b>`}
    </span>`;
}

/** Three bars for good, none for nothing. @param {{grade: QualityChanged['grade']}} props */
function Bars({ grade }) {
  const full = 3 - ORDER.indexOf(grade);
  return html`
    <svg class="bars" viewBox="0 0 14 12" width="14" height="12" aria-hidden="true">
      ${[0, 1, 2].map((i) => html`<rect key=${i} x=${i * 5} y=${8 - i * 4} width="4" height=${4 + i * 4} class=${i < full ? 'full' : ''} />`)}
      ${grade === 'none' && html`<path d="M1 1 L13 11" />`}
    </svg>`;
}

/** @param {{quality: QualityChanged}} props */
function Detail({ quality }) {
  return html`
    <section>
      <h2>${sentence(quality)}</h2>
      ${quality.causes.map((cause) => html`<p key=${cause}>${say(`sound.cause.${cause}`, figures(quality))} ${say(next(cause, quality.speaker))}</p>`)}
      ${quality.mos > 0 && html`<p class="soft">${measured(quality)}</p>`}
    </section>`;
}

/** How a call that is over sounded. @param {{call: import('./call.js').Call}} props */
export function PastSound({ call }) {
  const sides = SIDES.flatMap((who) => call.sound.value[who] ?? []);
  if (!sides.length) return null;
  return html`
    <h2>${say('sound.worst')}</h2>
    <ul class="past-sound">
      ${sides.map(({ worst, life }) => html`
        <li key=${worst.speaker}><span class=${`sound-sign ${worst.grade}`}><${Bars} grade=${worst.grade} /> ${say(`speaker.${worst.speaker}`)} <b>${word(worst.grade, worst.causes)}</b></span>
          ${life && life.mos > 0 && html`<span class="soft">${say('sound.whole', { figures: measured(life) })}</span>`}</li>`)}
    </ul>`;
}

/** @param {QualityChanged} quality */
function sentence({ speaker, grade, causes }) {
  return `${say(`speaker.${speaker}`)} ${word(grade, causes)}`;
}

/** What to do; she can do more about her own side. @param {import('./types.js').SoundCause} cause @param {Speaker} speaker */
function next(cause, speaker) {
  const own = `sound.next.${cause}.${speaker}`;
  return known(own) ? own : `sound.next.${cause}`;
}

/** The worst cause in a word, or the grade where there is none. @param {QualityChanged['grade']} grade @param {QualityChanged['causes']} causes */
function word(grade, causes) {
  if (grade === 'fair' && causes[0] === 'silent') return say('sound.word.unheard');
  return say(causes.length && grade !== 'good' ? `sound.word.${causes[0]}` : `sound.grade.${grade}`);
}

/** The figures in a line; a round trip of 0 is unknown. @param {QualityChanged} quality */
function measured(quality) {
  const shown = figures(quality);
  return [say('sound.figures', shown), shown.delay > 0 && say('sound.round_trip', shown)].filter(Boolean).join(' · ');
}

/** @param {QualityChanged} quality */
function figures({ mos, loss, jitter_ms: jitter, delay_ms: delay }) {
  return { mos: mos.toFixed(1), loss: (loss * 100).toFixed(loss > 0 && loss < 0.1 ? 1 : 0), jitter: Math.round(jitter), delay: Math.round(delay) };
}
