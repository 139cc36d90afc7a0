// Both voices as a picture: the caller above, the agent below. What is silent on purpose is hatched, what an alert was
// raised for is underlined in red, what was searched for has a mark. A click, or a drag, goes there.
import { useEffect, useRef } from 'preact/hooks';
import { effect } from '@preact/signals';
import { say } from 'desk/office/words.js';
import { html } from 'desk/view.js';
import { clock } from './spoken.js';

const LANE = 44;
const GAP = 10;
const MARKS = 12;
const HEIGHT = 2 * LANE + GAP + MARKS;

/**
 * @param {{
 *   sound: import('./sound.js').Sound,
 *   peaks: Uint8Array | null,
 *   perSecond: number,
 *   silences: {start: number, end: number, why: string}[],
 *   evidence: {start: number, end: number, kind: string}[],
 *   hits: import('./spoken.js').Hit[],
 * }} props
 */
export function Waveform({ sound, peaks, perSecond, silences, evidence, hits }) {
  const canvas = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  const { seconds } = sound;
  useEffect(() => {
    const element = /** @type {HTMLCanvasElement} */ (canvas.current);
    /** The picture without the place where it plays, drawn once. @type {HTMLCanvasElement | null} */
    let still = null;
    const draw = () => {
      const width = element.clientWidth;
      const ratio = window.devicePixelRatio || 1;
      if (!width) return;
      if (!still || still.width !== Math.round(width * ratio)) {
        element.width = Math.round(width * ratio);
        element.height = HEIGHT * ratio;
        still = picture(element, ratio, width, { peaks, perSecond, seconds, silences, evidence, hits });
      }
      const pen = /** @type {CanvasRenderingContext2D} */ (element.getContext('2d'));
      pen.setTransform(1, 0, 0, 1, 0, 0);
      pen.clearRect(0, 0, element.width, element.height);
      pen.drawImage(still, 0, 0);
      pen.setTransform(ratio, 0, 0, ratio, 0, 0);
      pen.fillStyle = colour(element, '--ink');
      pen.fillRect(Math.min(width - 2, (sound.at.value / seconds) * width), 0, 2, HEIGHT);
    };
    const again = () => { still = null; draw(); };
    const stop = effect(draw);
    const sized = new ResizeObserver(again);
    sized.observe(element);
    const theme = matchMedia('(prefers-color-scheme: dark)');
    theme.addEventListener('change', again);
    return () => { stop(); sized.disconnect(); theme.removeEventListener('change', again); };
  }, [sound, peaks, silences, evidence, hits]);
  const go = (/** @type {PointerEvent} */ event) => {
    const box = /** @type {HTMLElement} */ (event.currentTarget).getBoundingClientRect();
    sound.seek(((event.clientX - box.left) / box.width) * seconds);
  };
  return html`
    <div class="wave">
      <div class="wave-names" aria-hidden="true"><span class="caller">${say('player.caller')}</span><span class="agent">${say('player.agent')}</span></div>
      <canvas ref=${canvas} role="slider" tabindex="0" aria-label=${say('player.place')}
        aria-valuemin="0" aria-valuemax=${Math.round(seconds)} aria-valuenow=${Math.round(sound.at.value)} aria-valuetext=${clock(sound.at.value)}
        onPointerDown=${(/** @type {PointerEvent} */ event) => { /** @type {HTMLElement} */ (event.currentTarget).setPointerCapture(event.pointerId); go(event); }}
        onPointerMove=${(/** @type {PointerEvent} */ event) => { if (event.buttons & 1) go(event); }} />
    </div>`;
}

/** @param {Element} element @param {string} name */
const colour = (element, name) => getComputedStyle(element).getPropertyValue(name).trim();

/**
 * @param {HTMLCanvasElement} beside whose colours
 * @param {number} ratio
 * @param {number} width
 * @param {{peaks: Uint8Array | null, perSecond: number, seconds: number, silences: {start: number, end: number}[], evidence: {start: number, end: number}[], hits: import('./spoken.js').Hit[]}} what
 */
function picture(beside, ratio, width, { peaks, perSecond, seconds, silences, evidence, hits }) {
  const still = document.createElement('canvas');
  still.width = beside.width;
  still.height = beside.height;
  const pen = /** @type {CanvasRenderingContext2D} */ (still.getContext('2d'));
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  const x = (/** @type {number} */ at) => (at / seconds) * width;
  const lanes = [LANE / 2, LANE + GAP + LANE / 2];
  pen.fillStyle = colour(beside, '--line');
  for (const middle of lanes) pen.fillRect(0, middle, width, 1);
  if (peaks) lanes.forEach((middle, leg) => {
    pen.fillStyle = colour(beside, leg ? '--agent' : '--caller');
    for (let column = 0; column < width; column += 2) { // the loudest of the column: nothing said is ever invisible
      const first = Math.floor((column / width) * seconds * perSecond);
      const after = Math.max(first + 1, Math.ceil(((column + 2) / width) * seconds * perSecond));
      let loudest = 0;
      for (let i = first; i < after; i += 1) loudest = Math.max(loudest, peaks[2 * i + leg] ?? 0);
      const half = (loudest / 255) * (LANE / 2);
      if (half > 0.5) pen.fillRect(column, middle - half, 1.4, 2 * half);
    }
  });
  for (const { start, end } of silences) hatch(pen, colour(beside, '--soft'), x(start), Math.max(3, x(end) - x(start)));
  pen.fillStyle = colour(beside, '--warn');
  for (const { start, end } of evidence) pen.fillRect(x(start), 2 * LANE + GAP + 2, Math.max(4, x(end) - x(start)), 3);
  pen.fillStyle = colour(beside, '--focus');
  for (const { start } of hits) {
    pen.beginPath();
    pen.moveTo(x(start), 2 * LANE + GAP + 5);
    pen.lineTo(x(start) - 4, HEIGHT);
    pen.lineTo(x(start) + 4, HEIGHT);
    pen.fill();
  }
  return still;
}

/** @param {CanvasRenderingContext2D} pen @param {string} ink @param {number} left @param {number} width */
function hatch(pen, ink, left, width) {
  pen.save();
  pen.beginPath();
  pen.rect(left, 0, width, 2 * LANE + GAP);
  pen.clip();
  pen.strokeStyle = ink;
  pen.lineWidth = 1;
  pen.beginPath();
  for (let at = left - 2 * LANE; at < left + width; at += 6) {
    pen.moveTo(at, 2 * LANE + GAP);
    pen.lineTo(at + 2 * LANE + GAP, 0);
  }
  pen.stroke();
  pen.restore();
}
