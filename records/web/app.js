// Records, statistics, and what belongs to their keeping: begin here.
import { open } from 'desk/office/frame.js';
import { may, meet } from 'desk/office/me.js';
import { GROUPS, pages } from './places.js';
import { loadTerms, terms } from './terms.js';

/** How many wait in a place. @param {string} name */
const count = (name) => (name === 'unasked' ? terms.value.waiting : 0);

await open({ groups: GROUPS, pages, count }, async () => {
  await meet();
  if (may('agent', 'supervisor', 'editor')) await loadTerms();
});
