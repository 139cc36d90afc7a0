// While pointer or keyboard is in a list, its lines keep their place.
import { held } from './view.js';

/** The pointer may rest for so long before the list goes on: nobody aims for a minute. */
const REST_MS = 10_000;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let resting;
let pointer = false;
let focus = false;

function set() {
  held.value = pointer || focus;
}

function rest() {
  clearTimeout(resting);
  resting = setTimeout(() => { pointer = false; set(); }, REST_MS);
}

/** Handlers for a list. */
export const holding = {
  onPointerEnter: () => { pointer = true; set(); rest(); },
  onPointerMove: () => { if (!pointer) { pointer = true; set(); } rest(); },
  onPointerLeave: () => { clearTimeout(resting); pointer = false; set(); },
  onFocusIn: () => { focus = true; set(); },
  onFocusOut: () => { focus = false; set(); },
};

/** A list is gone from the page. */
export function letGo() {
  clearTimeout(resting);
  pointer = focus = false;
  set();
}
