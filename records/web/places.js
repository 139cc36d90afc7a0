// Where one can go, in groups, who may, and what is shown there. The server asks for the same roles (records/routes/).
// A new place: one line in GROUPS, one in `pages`, 'nav.NAME' and 'help.NAME' in messages/.
import { html } from 'desk/view.js';
import { Contacts } from './contacts.js';

/** @type {import('desk/office/frame.js').Group[]} */
export const GROUPS = [
  {
    name: 'contacts',
    places: [
      { name: 'contacts', roles: ['agent', 'supervisor'] },
    ],
  },
];

/** @type {Record<string, import('desk/office/frame.js').Shows>} */
export const pages = {
  contacts: () => html`<${Contacts} />`,
};
