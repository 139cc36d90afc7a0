// What a new entry begins with: the words that callers used for something that has no entry yet.
/** @type {Partial<import('./types.js').Content>} */
let seed = {};

/** @param {Partial<import('./types.js').Content>} content */
export function sow(content) {
  seed = content;
}

/** Once. */
export function takeSeed() {
  const taken = seed;
  seed = {};
  return taken;
}
