// What a caller gave, as she reads it.
import { grouped } from './format.js';
import { say } from './messages.js';

/** @param {string} value As the menu keeps it. */
export function shown(value) {
  if (value === 'yes' || value === 'no') return say(`value.${value}`);
  return /^0\d{8,10}$/.test(value) ? grouped(value) : value;
}
