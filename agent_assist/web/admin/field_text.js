// A field's value as people read it: names for ids, lists one a line.
import { departmentOf, pathOf, personOf } from './structure.js';

/** @param {string} field @param {any} value */
export function fieldText(field, value) {
  if (value === null || value === undefined || value === '') return '';
  if (field === 'category_id') return pathOf(value) || value;
  if (field === 'department_id') return departmentOf(value)?.name ?? value;
  if (field === 'person_id' || field === 'deputy_id') return personOf(value)?.name ?? value;
  if (field === 'links') return value.map((/** @type {import('./types.js').Reference} */ link) => `${link.title} ${link.url}`).join('\n');
  if (field === 'attachments') return value.map((/** @type {import('./types.js').Attachment} */ file) => file.name).join('\n');
  return Array.isArray(value) ? value.join('\n') : String(value);
}
