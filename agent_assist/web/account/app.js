// One's own account: password, second factor, where one is signed in. Begin here.
import { open } from '../office/frame.js';
import { meet } from '../office/me.js';
import { html } from '../view.js';
import { Password } from './password.js';
import { Second } from './second.js';
import { Sessions } from './sessions.js';

/** @type {import('../office/me.js').Role[]} */
const ALL = ['agent', 'editor', 'owner', 'supervisor', 'admin'];

const groups = [{ name: 'account', places: ['password', 'second', 'sessions'].map((name) => ({ name, roles: ALL })) }];

/** @type {Record<string, import('../office/frame.js').Shows>} */
const pages = {
  password: () => html`<${Password} />`,
  second: () => html`<${Second} />`,
  sessions: () => html`<${Sessions} />`,
};

await open({ groups, pages }, meet);
