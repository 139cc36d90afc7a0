// States as shape and word: colour is the third to say it, never the only one.
import { known, say } from '../office/words.js';
import { html } from '../view.js';

/** Shapes that are told apart at arm's length and without colour. @type {Record<string, string>} */
const SHAPES = { ready: '●', offered: '◐', talking: '▶', wrap_up: '✎', away: '○', queued: '◔', ringing: '◐', menu: '⌗', waiting: '◔', assigned: '◑', answered: '●' };

/** @param {{of: string}} props */
export const Shape = ({ of }) => html`<i class=${`shape ${of}`} aria-hidden="true">${SHAPES[of] ?? '·'}</i>`;

/** Why she is away or writes: a word of the catalogue, or the city's own. @param {string | undefined} reason */
export const reasonWord = (reason) => (!reason ? '' : known(`reason.${reason}`) ? say(`reason.${reason}`) : reason);

/** A share as per cent. @param {number | undefined} share */
export const percent = (share) => (share === undefined || share === null ? '–' : `${Math.round(share * 100)}%`);
