// Where one can go, in groups, and which role sees what. The server asks for the same roles (agent_assist/admin/routes.py).

/** @typedef {import('../office/me.js').Role} Role */

/** Everybody. @type {Role[]} */
const ALL = ['agent', 'editor', 'owner', 'supervisor', 'admin'];

/** @type {import('../office/frame.js').Group[]} */
export const GROUPS = [
  {
    name: 'entries',
    places: [
      { name: 'entries', roles: ALL },
      { name: 'tasks', roles: ['editor', 'owner'] },
      { name: 'due', roles: ['editor', 'owner'] },
      { name: 'usage', roles: ['editor', 'owner', 'supervisor'] },
      { name: 'gaps', roles: ['editor', 'owner', 'supervisor'] },
      { name: 'import', roles: ['editor'] },
    ],
  },
  {
    name: 'structure',
    places: [
      { name: 'categories', roles: ['editor'] },
      { name: 'departments', roles: ['editor'] },
      { name: 'people', roles: ['editor', 'owner'] },
    ],
  },
  {
    name: 'assistant',
    places: [
      { name: 'tryit', roles: ['editor', 'owner', 'supervisor'] },
      { name: 'synonyms', roles: ['editor'] },
      { name: 'learning', roles: ['editor', 'supervisor'] },
      { name: 'rules', roles: ['editor', 'supervisor'] },
      { name: 'alerts', roles: ['supervisor'] },
      { name: 'radar', roles: ['supervisor'] },
    ],
  },
];
