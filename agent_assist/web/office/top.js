// The top line and the way to all pages.
import { useEffect, useRef, useState } from 'preact/hooks';
import { may, me } from './me.js';
import { figure, language, say, speak } from './words.js';
import { html } from '../view.js';

/** Our applications, and who has something to do there. @type {{href: string, name: string, roles: import('./me.js').Role[]}[]} */
const DOORS = [
  { href: '/desk', name: 'desk', roles: ['agent', 'editor', 'owner', 'supervisor', 'admin'] },
  { href: '/kb', name: 'kb', roles: ['editor', 'owner', 'supervisor'] },
  { href: '/records', name: 'records', roles: ['agent', 'supervisor'] },
  { href: '/wall', name: 'wall', roles: ['supervisor'] },
];

/** @param {{onMenu: () => void, open: boolean}} props */
export function Top({ onMenu, open }) {
  const other = language.value === 'ko' ? 'en' : 'ko';
  return html`
    <header class="top">
      <button class="menu-key quiet" aria-expanded=${open} aria-controls="nav" onClick=${onMenu}>☰ ${say('nav.menu')}</button>
      <p class="centre">${me.value.centre}</p>
      <p class="what">${say('app.heading')}</p>
      <nav class="doors" aria-label=${say('nav.doors')}>
        ${DOORS.filter(({ href, roles }) => may(...roles) && !location.pathname.startsWith(href)).map(({ href, name }) => html`
          <a class="tab" key=${name} href=${href}>${say(`nav.door.${name}`)}</a>`)}
      </nav>
      <${Me} other=${other} />
    </header>`;
}

/** @param {{other: import('./words.js').Language}} props */
function Me({ other }) {
  const [open, setOpen] = useState(false);
  const { name, roles, department } = me.value;
  return html`
    <div class="me" onKeyDown=${(/** @type {KeyboardEvent} */ event) => { if (event.key === 'Escape') setOpen(false); }}
      onFocusOut=${(/** @type {FocusEvent} */ event) => { if (!(/** @type {HTMLElement} */ (event.currentTarget)).contains(/** @type {Node | null} */ (event.relatedTarget))) setOpen(false); }}>
      <button class="quiet" aria-expanded=${open} onClick=${() => setOpen(!open)}><b>${name}</b> <span aria-hidden="true">▾</span><span class="heard-out">${say('nav.me')}</span></button>
      ${open && html`
        <div class="menu">
          <p class="soft">${roles.map((role) => say(`role.${role}`)).join(' · ')}${department && html`<br />${department}`}</p>
          <button lang=${other} onClick=${() => speak(other)}>${say('nav.language')}</button>
          <a class="item" href="/account">${say('nav.account')}</a>
          <form method="post" action="/signout"><button>${say('nav.signout')}</button></form>
        </div>`}
    </div>`;
}

/** @param {{groups: import('./frame.js').Group[], here: string, open: boolean, count?: (name: string) => number}} props */
export function Nav({ groups, here, open, count }) {
  const nav = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => { nav.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' }); }, [here]); // a low window does not show all places
  return html`
    <nav id="nav" ref=${nav} class=${open ? 'nav open' : 'nav'} aria-label=${say('nav.label')}>
      ${groups.map(({ name, places }) => {
        const seen = places.filter((place) => may(...place.roles));
        return seen.length > 0 && html`
          <div>
            <h2>${say(`nav.group.${name}`)}</h2>
            <ul>${seen.map((place) => html`
              <li><a href=${`#/${place.name}`} aria-current=${here === place.name ? 'page' : undefined}>
                ${say(`nav.${place.name}`)}<${Waiting} count=${count?.(place.name) ?? 0} /></a></li>`)}</ul>
          </div>`;
      })}
    </nav>`;
}

/** @param {{count: number}} props */
function Waiting({ count }) {
  return count > 0 && html` <b class="waits">${figure(count)}</b>`;
}
