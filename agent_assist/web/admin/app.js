// The administration pages: begin here.
import { render } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Alerts } from './alerts.js';
import { Categories } from './categories.js';
import { Confirm } from './confirm.js';
import { Departments } from './departments.js';
import { Due } from './due.js';
import { EntryPage } from './editor.js';
import { Entries, showOnly } from './entries.js';
import { Gaps } from './gaps.js';
import { Import } from './import.js';
import { Learning } from './learning.js';
import { place } from './leaving.js';
import { may, me, meet } from './me.js';
import { NoticeBar } from './notice.js';
import { Page } from './page.js';
import { People } from './people.js';
import { PickEntry } from './pick_entry.js';
import { placeOf } from './places.js';
import { Radar } from './radar.js';
import { Rules } from './rules.js';
import { loadNames, loadStructure } from './structure.js';
import { Synonyms } from './synonyms.js';
import { Tasks } from './tasks.js';
import { Nav, Top } from './top.js';
import { TryIt } from './try_it.js';
import { Usage } from './usage.js';
import { language, say, speak } from './words.js';
import { Empty, html } from '../view.js';

/** @type {Record<string, () => any>} */
const PAGES = {
  entries: Entries, tasks: Tasks, due: Due, usage: Usage, gaps: Gaps, import: Import, categories: Categories, departments: Departments,
  people: People, tryit: TryIt, synonyms: Synonyms, learning: Learning, rules: Rules, alerts: Alerts, radar: Radar,
};

function Admin() {
  const [, where = 'entries', id = '', tab = ''] = place.value.split('/');
  const [menu, setMenu] = useState(false);
  const first = useRef(true);
  useEffect(() => {
    setMenu(false);
    if (!first.current) document.getElementById('main')?.focus(); // a new page: read on from its top
    first.current = false;
  }, [place.value]);
  const known = placeOf(where);
  const page = PAGES[where];
  return html`
    <a class="skip" href="#main" onClick=${(/** @type {Event} */ event) => { event.preventDefault(); document.getElementById('main')?.focus(); }}>${say('nav.skip')}</a>
    <${Top} open=${menu} onMenu=${() => setMenu(!menu)} />
    <div class="frame">
      <${Nav} here=${where} open=${menu} />
      ${!known || !page ? html`<${Page} name="unknown" title=${say('page.unknown')}><${Empty} title=${say('page.unknown_next')}><a href="#/entries">${say('nav.entries')}</a><//><//>`
        : !may(...known.roles) ? html`<${Page} name="unknown" title=${say(`nav.${where}`)}><${Empty} title=${say('error.role')} /><//>`
        : where === 'entries' && id ? html`<${EntryPage} key=${id} id=${decodeURIComponent(id)} tab=${tab} />`
        : html`<${page} />`}
    </div>
    <${NoticeBar} /><${Confirm} /><${PickEntry} />`;
}

const root = /** @type {HTMLElement} */ (document.getElementById('admin'));
try {
  await speak(language.value);
  await Promise.all([meet(), loadStructure(), loadNames()]);
  if (may('owner') && !may('editor')) showOnly({ department: me.value.department_id }); // hers first
  root.replaceChildren();
  render(html`<${Admin} />`, root);
} catch (trouble) {
  root.replaceChildren();
  render(html`
    <main class="opening"><${Empty} title=${trouble instanceof Error ? trouble.message : String(trouble)}>
      <button onClick=${() => location.reload()}>${say('page.retry')}</button>
    <//></main>`, root);
}
