// Which parts of what was said brought a card. Pure: text in, pieces out.

/**
 * Cut a text where trigger words stand in it. Blanks inside a word do not matter ('대형 폐기물' is '대형폐기물'); a word of
 * one syllable counts only when it begins a word of the text, else it would light up everywhere.
 * @param {string} text
 * @param {Iterable<string>} words
 * @returns {{text: string, marked: boolean}[]}
 */
export function pieces(text, words) {
  const patterns = [...words].sort((a, b) => b.length - a.length).map(pattern).filter(Boolean);
  if (!patterns.length) return [{ text, marked: false }];
  const found = [];
  let from = 0;
  for (const hit of text.matchAll(new RegExp(patterns.join('|'), 'gi'))) {
    if (hit.index > from) found.push({ text: text.slice(from, hit.index), marked: false });
    found.push({ text: hit[0], marked: true });
    from = hit.index + hit[0].length;
  }
  if (from < text.length) found.push({ text: text.slice(from), marked: false });
  return found;
}

/** @param {string} word */
function pattern(word) {
  // A dictionary form ('버리다') is looked for by its stem ('버리려고').
  const stem = word.length > 2 ? word.replace(/다$/, '') : word;
  const letters = [...stem.replace(/\s/g, '')].map((letter) => letter.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  if (!letters.length) return '';
  return letters.length === 1 ? `(?<!\\S)${letters[0]}` : letters.join('\\s*');
}
