// What a line of the audit log says of a deed, in the reader's language: the log itself keeps fixed English words.
import { known, say } from 'desk/office/words.js';

/**
 * Piece by piece, the longest beginning that the catalogue knows; numbers, names and days stay as they are:
 * 'time of agents 2026-11-27' -> '상담사 시간 2026-11-27'.
 * @param {string} detail
 */
export const inWords = (detail) => detail.split(/(, |: )/).map(pieceInWords).join('');

/** @param {string} piece */
function pieceInWords(piece) {
  const name = [`role.${piece}`, `scope.${piece}`].find(known);
  if (name) return say(name);
  const words = piece.split(' ');
  for (let count = words.length; count > 0; count -= 1) {
    const key = `audit.detail.${words.slice(0, count).join('_')}`;
    if (known(key)) return [say(key), ...words.slice(count)].join(' ');
  }
  return piece;
}
