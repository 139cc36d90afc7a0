// Whom and what a line of a list is about: number of the contact, topic, last digits of the telephone number.
import { say } from 'desk/office/words.js';
import { inThrees } from 'desk/format.js';
import { levels } from './terms.js';

/** In a line of text. @param {import('./types.js').ContactAbout} about */
export const aboutOf = ({ number, category, last4 }) => [
  number && `${say('contact.receipt')} ${inThrees(number)}`,
  category && levels(category),
  last4 ? `…${last4}` : say('contact.withheld'),
].filter(Boolean).join(' · ');
