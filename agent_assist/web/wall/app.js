// The supervisor's wall: begin here.
import { render } from 'preact';
import { effect, signal } from '@preact/signals';
import { me } from '../office/me.js';
import { NoticeBar } from '../office/notice.js';
import { language, say, speak } from '../office/words.js';
import { Empty, Key, html } from '../view.js';
import { Grid, List } from './agents.js';
import { Alerts, Issues, alertLines, followAlerts } from './alerts.js';
import { Calls, Written } from './calls.js';
import { Chosen } from './chosen.js';
import { play } from './chime.js';
import { Help } from './help.js';
import { listen } from './keys.js';
import { begin, begun, link } from './picture.js';
import { Strip } from './strip.js';
import { Tools } from './tools.js';
import { loud, view } from './view.js';

const help = signal(false);
/** @type {Record<import('./view.js').View, () => any>} */
const PAGES = { grid: Grid, list: List, calls: Calls, written: Written };

function Wall() {
  if (!begun.value) {
    return html`<main class="opening"><${Empty} title=${say(link.value === 'lost' ? 'link.lost' : 'link.opening')} /></main>`;
  }
  return html`
    <${Top} />
    <${Strip} />
    <div class="frame">
      <main id="main"><h1 class="heard-out">${say('app.title')}</h1><${Tools} /><${PAGES[view.value]} /></main>
      <aside><${Alerts} /><${Chosen} /><${Issues} /></aside>
    </div>
    <${NoticeBar} />
    ${help.value && html`<${Help} onClose=${() => { help.value = false; }} />`}`;
}

function Top() {
  const other = language.value === 'ko' ? 'en' : 'ko';
  return html`
    <header class="top">
      <p class="centre">${me.value.centre}</p>
      <p class="what">${say('app.title')}</p>
      <p class=${`link ${link.value}`} role="status">${link.value === 'live' ? '' : say(`link.${link.value}`)}</p>
      <nav aria-label=${say('nav.label')}><a href="/desk">${say('nav.desk')}</a><a href="/records">${say('nav.records')}</a><a href="/kb">${say('nav.kb')}</a><a href="/wallboard" target="_blank" rel="noopener">${say('nav.board')}</a></nav>
      <button class="small quiet" aria-pressed=${loud.value} onClick=${() => { loud.value = !loud.value; if (loud.value) play(); }}>${say(loud.value ? 'top.loud' : 'top.silent')} <${Key}>N<//></button>
      <button class="small quiet" lang=${other} onClick=${() => speak(other)}>${say('top.language')}</button>
      <button class="small quiet" onClick=${() => { help.value = !help.value; }}>${say('top.help')} <${Key}>?<//></button>
      <p class="who"><b>${me.value.name}</b></p>
      <form method="post" action="/signout"><button class="small quiet">${say('top.signout')}</button></form>
    </header>`;
}

await speak(language.value);
followAlerts();
// Who works in another window sees by the title that something waits for her.
effect(() => {
  const open = alertLines.value.filter(([, row]) => !row.taken_by).length;
  document.title = (open ? `(${open}) ` : '') + say('app.title');
});
begin();
listen({ toggleHelp: () => { help.value = !help.value; }, helpOpen: () => help.value });
const root = /** @type {HTMLElement} */ (document.getElementById('wall'));
root.replaceChildren();
render(html`<${Wall} />`, root);
