// The frame of an office application: top line, places, the page, and what lies over everything.
import { render } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Confirm } from './confirm.js';
import { place } from './leaving.js';
import { may } from './me.js';
import { NoticeBar } from './notice.js';
import { Page } from './page.js';
import { Nav, Top } from './top.js';
import { language, say, speak } from './words.js';
import { Empty, html } from '../view.js';

/** @typedef {import('../types.js').Children} Children */
/** @typedef {import('./me.js').Role} Role */
/** @typedef {{name: string, roles: Role[]}} Place where one can go: '#/NAME', called 'nav.NAME'; who may */
/** @typedef {{name: string, places: Place[]}} Group called 'nav.group.NAME' */
/** @typedef {(id: string, tab: string) => any} Shows the page of a place: of one thing, or of them all (id '') */
/** @typedef {{groups: Group[], pages: Record<string, Shows>, over?: Children, count?: (name: string) => number}} Office
 *   over: what lies over everything; count: how many wait in a place, shown beside its name */

/** @param {Office} props */
function Frame({ groups, pages, over, count }) {
  const [, where = '', id = '', tab = ''] = place.value.split('/');
  const [menu, setMenu] = useState(false);
  const first = useRef(true);
  useEffect(() => {
    setMenu(false);
    if (!first.current) document.getElementById('main')?.focus(); // a new page: read on from its top
    first.current = false;
  }, [place.value]);
  const [home] = groups.flatMap((group) => group.places);
  const known = groups.flatMap((group) => group.places).find((one) => one.name === where);
  const page = pages[where];
  return html`
    <a class="skip" href="#main" onClick=${(/** @type {Event} */ event) => { event.preventDefault(); document.getElementById('main')?.focus(); }}>${say('nav.skip')}</a>
    <${Top} open=${menu} onMenu=${() => setMenu(!menu)} />
    <div class="frame">
      <${Nav} groups=${groups} here=${where} open=${menu} count=${count} />
      ${!known || !page ? html`<${Page} name="unknown" title=${say('page.unknown')}><${Empty} title=${say('page.unknown_next')}><a href=${`#/${home.name}`}>${say(`nav.${home.name}`)}</a><//><//>`
        : !may(...known.roles) ? html`<${Page} name="unknown" title=${say(`nav.${where}`)}><${Empty} title=${say('error.role')} /><//>`
        : page(decodeURIComponent(id), tab)}
    </div>
    <${NoticeBar} /><${Confirm} />${over}`;
}

/**
 * Words first, then what the pages need, then the pages.
 * @param {Office} office
 * @param {() => Promise<unknown>} ready what must be here before the first page: who works here, and more
 */
export async function open(office, ready) {
  const root = /** @type {HTMLElement} */ (document.getElementById('office'));
  try {
    await speak(language.value);
    await ready();
    root.replaceChildren();
    render(html`<${Frame} ...${office} />`, root);
  } catch (trouble) {
    root.replaceChildren();
    render(html`
      <main class="opening"><${Empty} title=${trouble instanceof Error ? trouble.message : String(trouble)}>
        <button onClick=${() => location.reload()}>${say('page.retry')}</button>
      <//></main>`, root);
  }
}
