// Where the cards lie. Pure rules: a card that she opened never moves; the order changes only with the best card.

/** @typedef {import('./types.js').Suggestion} Suggestion */
/**
 * @typedef {object} Cards
 * @property {Suggestion[]} shown   At most three, from the top.
 * @property {string} open          Id of the open card, '' if none.
 * @property {boolean} pinned       She opened it herself.
 */

const MOST = 3;

/** @type {Cards} */
export const NO_CARDS = { shown: [], open: '', pinned: false };

/**
 * New suggestions came.
 * @param {Cards} cards
 * @param {Suggestion[]} incoming  best first
 * @returns {Cards}
 */
export function arrange(cards, incoming) {
  const fresh = new Map(incoming.map((suggestion) => [suggestion.id, suggestion]));
  const open = cards.shown.find(({ id }) => id === cards.open);
  if (cards.pinned && open) {
    const others = incoming.filter(({ id }) => id !== open.id).slice(0, MOST - 1);
    const stay = settled(cards.shown.filter(({ id }) => id !== open.id), others);
    const place = Math.min(cards.shown.indexOf(open), stay.length);
    return { ...cards, shown: [...stay.slice(0, place), fresh.get(open.id) ?? open, ...stay.slice(place)] };
  }
  const best = incoming[0];
  if (!best) return NO_CARDS;
  if (best.id !== cards.shown[0]?.id) return { shown: incoming.slice(0, MOST), open: best.id, pinned: false };
  return { shown: settled(cards.shown, incoming.slice(0, MOST)), open: best.id, pinned: false };
}

/**
 * She opened a card: it stays open where it lies until she lets go.
 * @param {Cards} cards
 * @param {string} id
 * @returns {Cards}
 */
export function opened(cards, id) {
  return cards.shown.some((card) => card.id === id) ? { ...cards, open: id, pinned: true } : cards;
}

/**
 * She lets go of the card.
 * @param {Cards} cards
 * @returns {Cards}
 */
export function released(cards) {
  return { ...cards, pinned: false };
}

/**
 * The incoming cards, those that lie there already at their old places.
 * @param {Suggestion[]} before
 * @param {Suggestion[]} incoming
 */
function settled(before, incoming) {
  const places = incoming.map((_, place) => {
    const old = before[place];
    return old && incoming.find(({ id }) => id === old.id);
  });
  const rest = incoming.filter((card) => !places.includes(card));
  return places.map((card) => card ?? /** @type {Suggestion} */ (rest.shift()));
}
