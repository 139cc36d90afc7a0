// Both sides of a text that two have changed stand between marks (agent_assist/knowledge/merging.py). Pure.

/** @typedef {{first: string, second: string, from: number, to: number}} Region lines from..to of the text hold it */

/**
 * @param {string} text
 * @returns {Region[]}
 */
function regions(text) {
  const lines = text.split('\n');
  /** @type {Region[]} */
  const found = [];
  let from = -1;
  let middle = -1;
  lines.forEach((line, at) => {
    if (line.startsWith('<<<<<<<')) [from, middle] = [at, -1];
    else if (line.startsWith('=======') && from >= 0 && middle < 0) middle = at;
    else if (line.startsWith('>>>>>>>') && middle >= 0) {
      found.push({ first: lines.slice(from + 1, middle).join('\n'), second: lines.slice(middle + 1, at).join('\n'), from, to: at });
      [from, middle] = [-1, -1];
    }
  });
  return found;
}

/**
 * What is still to be decided in a text.
 * @param {string} text
 * @returns {{theirs: string, mine: string}[]}
 */
export const conflicts = (text) => regions(text).map(({ first, second }) => ({ theirs: second, mine: first }));

/**
 * The text with its n-th conflict decided.
 * @param {string} text @param {number} at @param {'theirs' | 'mine' | 'both'} side
 */
export function resolved(text, at, side) {
  const region = regions(text)[at];
  if (!region) return text;
  const { first: mine, second: theirs } = region;
  const chosen = { theirs, mine, both: [theirs, mine].filter(Boolean).join('\n') }[side];
  const lines = text.split('\n');
  lines.splice(region.from, region.to - region.from + 1, ...(chosen ? chosen.split('\n') : []));
  return lines.join('\n');
}
