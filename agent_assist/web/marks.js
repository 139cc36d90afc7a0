// What stands out in what was said: words that brought a card, and numbers that were hidden. Pure: text in, pieces out.

/** @typedef {{kind: 'plain' | 'marked' | 'masked', text: string}} Piece   'masked': text is the kind of number hidden */

/** What stands in a kept text for a link that opens somebody's own page (channels/contract.py). */
export const LINK = '(link)';
/** A number of which at least two places are stars. */
const STARS = /[\d-]*[*●○]{2,}[\d*●○-]*/g;
/** What means something in a pattern. */
const SIGNS = /[.*+?^${}()|[\]\\]/g;

/**
 * Cut a text at hidden numbers and trigger words. Blanks inside a word do not matter ('대형 폐기물' is '대형폐기물'); a word of
 * one syllable counts only when it begins a word of the text, else it would light up everywhere. Stars become the
 * kinds of ``masked`` in order; kinds that left no stars in the text come last.
 * @param {string} text
 * @param {Iterable<string>} words
 * @param {string[]} masked
 * @returns {Piece[]}
 */
export function pieces(text, words, masked) {
  const trigger = triggers(words);
  const kinds = [...masked];
  const found = cut(text, STARS, () => ({ kind: 'masked', text: kinds.shift() ?? masked.at(-1) ?? 'other' }))
    .flatMap((piece) => (piece.kind === 'plain' && trigger ? cut(piece.text, trigger, (hit) => ({ kind: 'marked', text: hit })) : [piece]));
  return [...found, ...kinds.map((kind) => /** @type {Piece} */ ({ kind: 'masked', text: kind }))];
}

/**
 * Cut a text at these very pieces of it, wherever they stand.
 * @param {string} text
 * @param {string[]} words
 * @returns {Piece[]}
 */
export function found(text, words) {
  const all = words.filter(Boolean).sort((a, b) => b.length - a.length).map((word) => word.replace(SIGNS, '\\$&'));
  return all.length ? cut(text, new RegExp(all.join('|'), 'g'), (hit) => ({ kind: 'marked', text: hit })) : [{ kind: 'plain', text }];
}

/**
 * @param {string} text
 * @param {RegExp} where
 * @param {(hit: string) => Piece} piece
 */
function cut(text, where, piece) {
  /** @type {Piece[]} */
  const found = [];
  let from = 0;
  for (const hit of text.matchAll(where)) {
    if (hit.index > from) found.push({ kind: 'plain', text: text.slice(from, hit.index) });
    found.push(piece(hit[0]));
    from = hit.index + hit[0].length;
  }
  if (from < text.length) found.push({ kind: 'plain', text: text.slice(from) });
  return found;
}

/** @param {Iterable<string>} words */
function triggers(words) {
  const patterns = [...words].sort((a, b) => b.length - a.length).map(pattern).filter(Boolean);
  return patterns.length ? new RegExp(patterns.join('|'), 'gi') : null;
}

/** @param {string} word */
function pattern(word) {
  const letters = [...word.replace(/\s/g, '')].map((letter) => letter.replace(SIGNS, '\\$&'));
  if (!letters.length) return '';
  return letters.length === 1 ? `(?<!\\S)${letters[0]}` : letters.join('\\s*');
}
