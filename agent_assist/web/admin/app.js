// The administration pages: begin here.
import { Alerts } from './alerts.js';
import { Categories } from './categories.js';
import { Departments } from './departments.js';
import { Due } from './due.js';
import { EntryPage } from './editor.js';
import { Entries, showOnly } from './entries.js';
import { Gaps } from './gaps.js';
import { Import } from './import.js';
import { Learning } from './learning.js';
import { People } from './people.js';
import { PickEntry } from './pick_entry.js';
import { GROUPS } from './places.js';
import { Radar } from './radar.js';
import { Rules } from './rules.js';
import { loadNames, loadStructure } from './structure.js';
import { Synonyms } from './synonyms.js';
import { Tasks } from './tasks.js';
import { TryIt } from './try_it.js';
import { Usage } from './usage.js';
import { open } from '../office/frame.js';
import { may, me, meet } from '../office/me.js';
import { html } from '../view.js';

/** @type {Record<string, import('../office/frame.js').Shows>} */
const pages = {
  entries: (id, tab) => (id ? html`<${EntryPage} key=${id} id=${id} tab=${tab} />` : html`<${Entries} />`),
  tasks: () => html`<${Tasks} />`,
  due: () => html`<${Due} />`,
  usage: () => html`<${Usage} />`,
  gaps: () => html`<${Gaps} />`,
  import: () => html`<${Import} />`,
  categories: () => html`<${Categories} />`,
  departments: () => html`<${Departments} />`,
  people: () => html`<${People} />`,
  tryit: () => html`<${TryIt} />`,
  synonyms: () => html`<${Synonyms} />`,
  learning: () => html`<${Learning} />`,
  rules: () => html`<${Rules} />`,
  alerts: () => html`<${Alerts} />`,
  radar: () => html`<${Radar} />`,
};

await open({ groups: GROUPS, pages, over: html`<${PickEntry} />` }, async () => {
  await Promise.all([meet(), loadStructure(), loadNames()]);
  if (may('owner') && !may('editor')) showOnly({ department: me.value.department_id }); // hers first
});
