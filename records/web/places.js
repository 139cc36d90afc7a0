// Where one can go, in groups, who may, and what is shown there. The server asks for the same roles (records/routes/).
// A new place: one line in GROUPS, one in `pages`, 'nav.NAME' and 'help.NAME' in messages/.
import { html } from 'desk/view.js';
import { Contacts } from './contacts.js';
import { OptOuts } from './texts/opt_outs.js';
import { TextRules } from './texts/rules.js';
import { Senders } from './texts/senders.js';
import { Templates } from './texts/templates.js';

/** @type {import('desk/office/frame.js').Group[]} */
export const GROUPS = [
  {
    name: 'contacts',
    places: [
      { name: 'contacts', roles: ['agent', 'supervisor'] },
    ],
  },
  {
    name: 'texts',
    places: [
      { name: 'templates', roles: ['supervisor'] },
      { name: 'text-rules', roles: ['supervisor'] },
      { name: 'senders', roles: ['supervisor'] },
      { name: 'opt-outs', roles: ['agent', 'supervisor'] },
    ],
  },
];

/** @type {Record<string, import('desk/office/frame.js').Shows>} */
export const pages = {
  contacts: () => html`<${Contacts} />`,
  templates: () => html`<${Templates} />`,
  'text-rules': () => html`<${TextRules} />`,
  senders: () => html`<${Senders} />`,
  'opt-outs': () => html`<${OptOuts} />`,
};
