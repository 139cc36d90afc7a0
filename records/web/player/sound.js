// The sound of one recording: an <audio> element behind signals. That somebody hears it is noted by the server when she
// first presses play: only then is there an address to play from.
import { signal } from '@preact/signals';
import { Fault, part, post } from 'desk/office/ask.js';

export const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 2];
const HEARING_MS = 50 * 60_000;

export class Sound {
  /** @param {string} recordingId @param {number} seconds */
  constructor(recordingId, seconds) {
    this.id = recordingId;
    this.seconds = seconds;
    /** Where it is, seconds. */
    this.at = signal(0);
    this.playing = signal(false);
    /** It waits for bytes. */
    this.waiting = signal(false);
    this.speed = signal(1);
    /** Why it cannot be heard. @type {import('@preact/signals').Signal<string>} */
    this.trouble = signal('');
    this.noted = 0;
    this.frame = 0;
    const audio = this.audio = new Audio();
    audio.preload = 'none';
    audio.preservesPitch = true;
    audio.addEventListener('play', () => { this.playing.value = true; this.follow(); });
    audio.addEventListener('pause', () => { this.playing.value = false; this.at.value = audio.currentTime; });
    audio.addEventListener('ended', () => { this.playing.value = false; });
    audio.addEventListener('waiting', () => { this.waiting.value = true; });
    for (const ready of ['playing', 'canplay', 'pause']) audio.addEventListener(ready, () => { this.waiting.value = false; });
    audio.addEventListener('error', () => { if (audio.src) void this.explain(); });
  }

  /** While it plays, `at` follows every frame of the screen. */
  follow() {
    cancelAnimationFrame(this.frame);
    if (!this.playing.value) return;
    if (!this.audio.seeking) this.at.value = this.audio.currentTime;
    this.frame = requestAnimationFrame(() => this.follow());
  }

  async toggle() {
    if (this.playing.value) this.audio.pause();
    else await this.play();
  }

  /** @param {number} [from] seconds */
  async play(from) {
    if (from !== undefined) this.seek(from);
    else if (this.at.value >= this.seconds - 0.05) this.seek(0);
    this.trouble.value = '';
    try {
      if (Date.now() - this.noted > HEARING_MS) {
        const { address } = await post(`recordings/${part(this.id)}/hear`);
        this.noted = Date.now();
        const at = this.at.value;
        this.audio.src = address;
        this.audio.playbackRate = this.speed.value;
        this.audio.currentTime = at;
      }
      await this.audio.play();
    } catch (trouble) {
      if (trouble instanceof Fault) this.trouble.value = trouble.message;
      else if (trouble instanceof DOMException && trouble.name !== 'AbortError') await this.explain();
    }
  }

  /** @param {number} to seconds */
  seek(to) {
    this.at.value = Math.min(Math.max(0, to), this.seconds);
    if (this.audio.src) this.audio.currentTime = this.at.value;
  }

  /** @param {number} speed */
  setSpeed(speed) {
    this.speed.value = speed;
    this.audio.playbackRate = speed;
  }

  /** One step faster or slower. @param {1 | -1} step */
  stepSpeed(step) {
    const next = SPEEDS[SPEEDS.indexOf(this.speed.value) + step];
    if (next) this.setSpeed(next);
  }

  /** The browser does not tell why it cannot play; the server does. */
  async explain() {
    this.playing.value = false;
    const { src } = this.audio;
    this.noted = 0;
    const answer = await fetch(src, { headers: { Range: 'bytes=0-0' } }).catch(() => null);
    const said = answer && !answer.ok ? await answer.json().catch(() => null) : null;
    this.trouble.value = new Fault(said?.code ?? (answer?.ok ? 'not_playable' : 'offline'), said?.message ?? '').message;
  }

  close() {
    cancelAnimationFrame(this.frame);
    this.audio.pause();
    this.audio.removeAttribute('src');
    this.audio.load();
  }
}
