// One recording: its waveform, its words, its sound. `<${Player} recordingId=... />`.
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { get, part } from 'desk/office/ask.js';
import { shown, useLoaded } from 'desk/office/loaded.js';
import { moment, say } from 'desk/office/words.js';
import { Key, html } from 'desk/view.js';
import { download } from './download.js';
import { keysOf } from './keys.js';
import { SPEEDS, Sound } from './sound.js';
import { clock, find } from './spoken.js';
import { Waveform } from './waveform.js';
import { Words } from './words.js';

/**
 * @typedef {object} Recording
 * @property {string} recording_id
 * @property {string} call_id
 * @property {string} started
 * @property {number} seconds
 * @property {string} why
 * @property {string} by
 * @property {string} broken
 * @property {boolean} unscreened
 * @property {{start: number, end: number, why: string}[]} silences
 * @property {{alert_id: string, start: number, end: number, kind: string, sha256: string}[]} evidence
 * @property {import('./spoken.js').Spoken[]} words
 * @property {number} peaks_per_second
 * @property {string} sha256
 * @property {boolean} may_download
 */

/**
 * @typedef {import('../said.js').Corrections} Corrections
 * @param {{recordingId: string, from?: number, corrections?: Corrections, onWords?: (utterances: ReadonlySet<string>) => void}} props
 * from: the second at which it begins
 */
export function Player({ recordingId, from, corrections, onWords }) {
  const [loaded, again] = useLoaded((signal) => get(`recordings/${part(recordingId)}`, {}, signal), [recordingId]);
  const correcting = corrections && { ...corrections, correct: async (/** @type {string} */ utterance, /** @type {string} */ text) => { await corrections.correct(utterance, text); again(); } };
  return html`<section class="player" aria-label=${say('player.label')}>${shown(loaded, again, (recording) => html`<${Shown} key=${recordingId} recording=${recording} from=${from} corrections=${correcting} onWords=${onWords} />`)}</section>`;
}

/** @param {{recording: Recording, from?: number, corrections?: Corrections, onWords?: (utterances: ReadonlySet<string>) => void}} props */
function Shown({ recording, from, corrections, onWords }) {
  const { recording_id: id, seconds, words, silences, evidence } = recording;
  const sound = useMemo(() => new Sound(id, seconds), [id]);
  const [wanted, setWanted] = useState('');
  const [hit, setHit] = useState(-1);
  const search = useRef(/** @type {HTMLInputElement | null} */ (null));
  const hits = useMemo(() => find(words, wanted), [words, wanted]);
  const [peaks, setPeaks] = useState(/** @type {Uint8Array | null} */ (null));
  useEffect(() => {
    if (from) sound.seek(from);
    void load(id).then(setPeaks);
    return () => sound.close();
  }, [sound]);
  useEffect(() => onWords?.(new Set(words.map(({ utterance }) => utterance))), [words]);
  const next = (/** @type {1 | -1} */ step) => {
    if (!hits.length) return;
    const to = (hit + step + hits.length) % hits.length;
    setHit(to);
    sound.seek(hits[to].start);
  };
  useEffect(() => keysOf(sound, () => search.current?.focus()), [sound]);
  const numbers = silences.filter(({ why }) => why === 'number');
  return html`
    <header class="player-head">
      <p><b>${moment(recording.started)}</b> <span class="soft">${clock(seconds)} · ${say(`player.why.${recording.why}`, { name: recording.by })}</span></p>
      ${recording.broken && html`<p class="player-note">${say(`player.broken.${recording.broken}`)}</p>`}
      ${recording.unscreened && html`<p class="player-note">${say('player.unscreened')}</p>`}
    </header>
    <${Waveform} sound=${sound} peaks=${peaks} perSecond=${recording.peaks_per_second} silences=${silences} evidence=${evidence} hits=${hits} />
    <div class="player-keys">
      <${PlayButton} sound=${sound} />
      <button onClick=${() => sound.seek(sound.at.value - 5)} aria-label=${say('player.back')}>−5 <${Key}>←<//></button>
      <button onClick=${() => sound.seek(sound.at.value + 5)} aria-label=${say('player.forth')}>+5 <${Key}>→<//></button>
      <${Time} sound=${sound} />
      <${Speed} sound=${sound} />
      <form role="search" class="player-search" onSubmit=${(/** @type {Event} */ event) => { event.preventDefault(); next(1); }}>
        <input type="search" ref=${search} value=${wanted} maxlength="60" placeholder=${say('player.search')} aria-label=${say('player.search')}
          onInput=${(/** @type {Event} */ event) => { setWanted(/** @type {HTMLInputElement} */ (event.target).value); setHit(-1); }}
          onKeyDown=${(/** @type {KeyboardEvent} */ event) => { if (event.key === 'Enter' && event.shiftKey) { event.preventDefault(); next(-1); } }} />
        <output>${wanted.trim() && (hits.length ? `${hit + 1 || '–'}/${hits.length}` : say('player.none'))}</output>
        <button type="button" disabled=${!hits.length} aria-label=${say('player.previous')} onClick=${() => next(-1)}>↑</button>
        <button disabled=${!hits.length} aria-label=${say('player.next')}>↓</button>
        <${Key}>/<//>
      </form>
      ${recording.may_download && html`<button class="player-download" onClick=${() => download(recording)}>${say('player.download')}</button>`}
    </div>
    <${Trouble} sound=${sound} />
    ${silences.length > 0 && html`
      <p class="player-silences"><span class="hatched" aria-hidden="true"></span>
        ${numbers.length > 0 && html`<span>${say('player.silent.number', { count: numbers.length })}</span>`}
        ${OTHERS.filter((why) => silences.some((one) => one.why === why)).map((why) => html`<span key=${why}>${say(`player.silent.${why}`)}</span>`)}
      </p>`}
    ${evidence.map((one) => html`
      <p class="player-evidence" key=${one.alert_id}>
        <button class="from" onClick=${() => sound.play(one.start)}>${clock(one.start)}</button> ${say('player.evidence_of', { kind: say(`player.alert.${one.kind}`) })}
        <code title=${one.sha256}>SHA-256 ${one.sha256.slice(0, 12)}…</code></p>`)}
    ${words.length ? html`<${Words} sound=${sound} lines=${words} hits=${hits} hit=${hit} evidence=${evidence} corrections=${corrections} />` : html`<p class="soft">${say('player.no_words')}</p>`}`;
}

const OTHERS = ['keys', 'paused', 'hold'];

/** @param {string} id @returns {Promise<Uint8Array | null>} null: without it the player has no waveform, and plays */
async function load(id) {
  const answer = await fetch(`${document.documentElement.dataset.api}recordings/${part(id)}/peaks`).catch(() => null);
  return answer?.ok ? new Uint8Array(await answer.arrayBuffer()) : null;
}

/** @param {{sound: Sound}} props */
function PlayButton({ sound }) {
  const plays = sound.playing.value;
  return html`<button class="main player-play" aria-pressed=${plays} onClick=${() => sound.toggle()}>${say(plays ? 'player.pause' : 'player.play')} <${Key}>${say('player.space')}<//></button>`;
}

/** @param {{sound: Sound}} props */
function Time({ sound }) {
  return html`<span class="player-time">${clock(sound.at.value)} / ${clock(sound.seconds)}</span>`;
}

/** @param {{sound: Sound}} props */
function Speed({ sound }) {
  return html`
    <label class="player-speed"><span>${say('player.speed')}</span>
      <select value=${String(sound.speed.value)} onChange=${(/** @type {Event} */ event) => sound.setSpeed(Number(/** @type {HTMLSelectElement} */ (event.target).value))}>
        ${SPEEDS.map((speed) => html`<option key=${speed} value=${String(speed)}>${speed}×</option>`)}
      </select> <${Key}>−<//> <${Key}>+<//></label>`;
}

/** @param {{sound: Sound}} props */
function Trouble({ sound }) {
  const text = sound.trouble.value || (sound.waiting.value ? say('player.waiting') : '');
  return html`<p class=${sound.trouble.value ? 'player-trouble' : 'soft player-trouble'} role="status">${text}</p>`;
}
