// Two soft tones for a new alert: made here, no file. Only if she has asked for it.

/** @type {AudioContext | undefined} */
let context;
const LOUDNESS = 0.12;

export function play() {
  context ??= new AudioContext();
  context.resume();
  const begin = context.currentTime + 0.02;
  for (const [place, hertz] of [880, 660].entries()) {
    const [tone, gain] = [context.createOscillator(), context.createGain()];
    const at = begin + place * 0.22;
    tone.frequency.value = hertz;
    gain.gain.setValueAtTime(0, at);
    gain.gain.linearRampToValueAtTime(LOUDNESS, at + 0.02);
    gain.gain.exponentialRampToValueAtTime(0.001, at + 0.2);
    tone.connect(gain).connect(context.destination);
    tone.start(at);
    tone.stop(at + 0.22);
  }
}
