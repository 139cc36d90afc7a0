// Pure: which word is said when, and where something is found in what was said.

/** @typedef {[text: string, start: number, end: number]} Token */
/** @typedef {{utterance: string, speaker: 'caller' | 'agent' | 'third', start: number, end: number, tokens: Token[], aside?: boolean, corrected?: boolean}} Spoken */
/** @typedef {{line: number, first: number, last: number, start: number}} Hit tokens of a line, and when they begin */

/**
 * The tokens that are said at a moment: 'line-token'.
 * @param {Spoken[]} lines in order of their start
 * @param {number} at seconds
 * @returns {{line: number, tokens: number[]}} line -1 = nobody speaks
 */
export function saidAt(lines, at) {
  for (let i = lines.length - 1; i >= 0; i -= 1) {
    const line = lines[i];
    if (line.start > at) continue;
    if (at <= line.end + 0.3) {
      // A word is lit until the next one begins: nothing flickers in the pauses between words.
      const token = line.tokens.findLastIndex(([, start]) => start <= at);
      return { line: i, tokens: token < 0 ? [] : [token] };
    }
    if (line.end < at - 60) break; // utterances are shorter than that
  }
  return { line: -1, tokens: [] };
}

/**
 * Where the words are found; blanks count for nothing, as people write Korean with and without them.
 * @param {Spoken[]} lines
 * @param {string} wanted
 * @returns {Hit[]}
 */
export function find(lines, wanted) {
  const needle = plain(wanted);
  if (!needle) return [];
  /** @type {Hit[]} */
  const hits = [];
  lines.forEach((line, number) => {
    /** @type {number[]} the token of each character */
    const owner = [];
    let text = '';
    line.tokens.forEach(([token], n) => {
      for (const char of plain(token)) { text += char; owner.push(n); }
    });
    for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at + needle.length)) {
      const [first, last] = [owner[at], owner[at + needle.length - 1]];
      hits.push({ line: number, first, last, start: line.tokens[first][1] });
    }
  });
  return hits;
}

/** @param {string} text */
const plain = (text) => text.normalize('NFC').toLowerCase().replace(/[\s.,?!…-]+/gu, '');

/** '0:07', '12:34', '1:02:03'. @param {number} seconds */
export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return h ? `${h}:${String(m).padStart(2, '0')}:${String(s).padStart(2, '0')}` : `${m}:${String(s).padStart(2, '0')}`;
}
