// What is being written, kept in this browser until it is saved: a closed window or a lost sign-in costs nothing.

/** @typedef {import('./types.js').Content} Content */
/** @typedef {{content: Content, based_on: number, why: string, at: string}} Kept */

const NAME = 'minwon.kb.';
/** Texts kept; beyond it the oldest go. */
const MOST = 20;

/** @param {string} who @param {string} id */
const key = (who, id) => `${NAME}${who}.${id}`;

/** @param {string} who @param {string} id @returns {Kept | null} */
export function kept(who, id) {
  try {
    const found = JSON.parse(localStorage.getItem(key(who, id)) ?? 'null');
    return found && typeof found.content?.title === 'string' ? found : null;
  } catch {
    return null;
  }
}

/** @param {string} who @param {string} id @param {Omit<Kept, 'at'>} what */
export function keep(who, id, what) {
  const text = JSON.stringify({ ...what, at: new Date().toISOString() });
  try {
    localStorage.setItem(key(who, id), text);
  } catch {
    return; // full or forbidden: the page works without it
  }
  const all = Object.keys(localStorage).filter((name) => name.startsWith(NAME));
  if (all.length <= MOST) return;
  const at = (/** @type {string} */ name) => String(JSON.parse(localStorage.getItem(name) ?? '{}').at ?? '');
  for (const name of all.sort((a, b) => at(a).localeCompare(at(b))).slice(0, all.length - MOST)) localStorage.removeItem(name);
}

/** @param {string} who @param {string} id */
export const forget = (who, id) => localStorage.removeItem(key(who, id));

/** Two contents hold the same. @param {Content} a @param {Content} b */
export const same = (a, b) => JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));

/** @param {Content} content */
const sorted = (content) => Object.entries(content).sort(([a], [b]) => (a < b ? -1 : 1));
