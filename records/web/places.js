// Where one can go, in groups, who may, and what is shown there. The server asks for the same roles (records/routes/).
// A new place: one line in GROUPS, one in `pages`, 'nav.NAME' and 'help.NAME' in messages/.
import { html } from 'desk/view.js';
import { Accounts } from './accounts/accounts.js';
import { Sessions } from './accounts/sessions.js';
import { Tokens } from './accounts/tokens.js';
import { AgentTime } from './agent_time.js';
import { ContactPage } from './contact.js';
import { Contacts, Unasked } from './contacts.js';
import { AllRecordings, OneRecording } from './player/recordings.js';
import { FollowUpPage } from './follow_ups.js';
import { LearningPage } from './learning.js';
import { Reports } from './reports/reports.js';
import { Statistics } from './statistics/statistics.js';
import { AuditLog } from './rights/audit.js';
import { Holds } from './rights/holds.js';
import { PersonPage } from './rights/person.js';
import { RetentionPage } from './rights/retention.js';
import { OptOuts } from './texts/opt_outs.js';
import { TextRules } from './texts/rules.js';
import { Senders } from './texts/senders.js';
import { Templates } from './texts/templates.js';
import { Deliveries } from './webhooks/deliveries.js';
import { Webhooks } from './webhooks/webhooks.js';

/** @type {import('desk/office/frame.js').Group[]} */
export const GROUPS = [
  {
    name: 'contacts',
    places: [
      { name: 'contacts', roles: ['agent', 'supervisor'] },
      { name: 'unasked', roles: ['agent'] },
      { name: 'recordings', roles: ['agent', 'supervisor'] },
      { name: 'follow-ups', roles: ['agent', 'supervisor'] },
      { name: 'learning', roles: ['supervisor', 'editor'] },
    ],
  },
  {
    name: 'statistics',
    places: [
      { name: 'statistics', roles: ['agent', 'supervisor'] },
      { name: 'agent-time', roles: ['agent', 'supervisor'] },
      { name: 'reports', roles: ['supervisor'] },
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
  {
    name: 'rights',
    places: [
      { name: 'person-data', roles: ['admin'] },
      { name: 'holds', roles: ['supervisor'] },
      { name: 'retention', roles: ['admin'] },
      { name: 'audit', roles: ['admin'] },
    ],
  },
  {
    name: 'accounts',
    places: [
      { name: 'accounts', roles: ['admin'] },
      { name: 'sessions', roles: ['admin'] },
      { name: 'tokens', roles: ['admin'] },
      { name: 'webhooks', roles: ['admin'] },
    ],
  },
];

/** @type {Record<string, import('desk/office/frame.js').Shows>} */
export const pages = {
  recordings: (id, from) => (id ? html`<${OneRecording} id=${id} from=${from} />` : html`<${AllRecordings} />`),
  contacts: (id) => (id ? html`<${ContactPage} key=${id} id=${id} />` : html`<${Contacts} />`),
  unasked: () => html`<${Unasked} />`,
  'follow-ups': () => html`<${FollowUpPage} />`,
  learning: () => html`<${LearningPage} />`,
  statistics: () => html`<${Statistics} />`,
  'agent-time': () => html`<${AgentTime} />`,
  reports: (days) => html`<${Reports} days=${days} />`,
  templates: () => html`<${Templates} />`,
  'text-rules': () => html`<${TextRules} />`,
  senders: () => html`<${Senders} />`,
  'opt-outs': () => html`<${OptOuts} />`,
  'person-data': () => html`<${PersonPage} />`,
  holds: () => html`<${Holds} />`,
  retention: () => html`<${RetentionPage} />`,
  audit: (id) => html`<${AuditLog} key=${id} month=${id === 'month'} />`,
  accounts: () => html`<${Accounts} />`,
  sessions: (id) => html`<${Sessions} account=${id} />`,
  tokens: () => html`<${Tokens} />`,
  webhooks: (id) => (id ? html`<${Deliveries} key=${id} id=${id} />` : html`<${Webhooks} />`),
};
