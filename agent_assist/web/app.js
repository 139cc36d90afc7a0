// The desk's page: begin here.
import { render } from 'preact';
import { effect, signal } from '@preact/signals';
import { Bar } from './bar.js';
import { CallerColumn } from './caller.js';
import { Callbacks } from './callbacks.js';
import { CardColumn } from './cards.js';
import { followAlerts } from './alerts.js';
import { followDeeds } from './deeds.js';
import { followReach } from './hand.js';
import { Help } from './help.js';
import { History } from './history.js';
import { may, mine } from './house.js';
import { begin } from './intake.js';
import { listen } from './keys.js';
import { Live } from './live.js';
import { language, say, speak } from './messages.js';
import { SupervisorNotes } from './notes.js';
import { Outbox } from './outbox.js';
import { followPanel } from './panel.js';
import { Threads } from './threads_page.js';
import { Top } from './top.js';
import { html } from './view.js';
import { Watch } from './watch.js';

/** Where we are: '#/' the live call, '#/calls' the history, '#/calls/ID' one past call, '#/texts' and '#/texts/ID' what people wrote, '#/outbox', '#/callbacks', '#/issues'. */
const place = signal(location.hash);
const help = signal(false);

function Desk() {
  const [, where = '', callId = ''] = place.value.split('/');
  const page = { calls: () => html`<${History} callId=${decodeURIComponent(callId)} />`, outbox: () => html`<${Outbox} />`, callbacks: () => html`<${Callbacks} />`, texts: () => html`<${Threads} contactId=${decodeURIComponent(callId)} />`, ...(may('supervisor') && { issues: () => html`<${Watch} />` }) }[where];
  return html`
    <a class="skip" href="#live" onClick=${skip}>${say('desk.skip')}</a>
    <${Top} page=${page ? where : ''} onHelp=${() => { help.value = true; }} />
    ${page ? page() : html`
      <div class="columns"><${CallerColumn} /><${Live} /><${CardColumn} /></div>`}
    <${Bar} />
    <${SupervisorNotes} />
    ${help.value && html`<${Help} onClose=${() => { help.value = false; }} />`}`;
}

/** @param {Event} event */
function skip(event) {
  event.preventDefault();
  document.getElementById('words')?.focus();
}

await speak(language.value);
addEventListener('hashchange', () => { place.value = location.hash; });
listen({ toggleHelp: () => { help.value = !help.value; }, helpOpen: () => help.value });
// A call that rings wants to be seen, whatever she was reading.
let before = mine.value.state;
effect(() => {
  const { state } = mine.value;
  if (state !== before && (state === 'offered' || state === 'talking')) location.hash = '#/';
  before = state;
});
const root = /** @type {HTMLElement} */ (document.getElementById('desk'));
root.replaceChildren();
render(html`<${Desk} />`, root);
followReach();
followDeeds();
followAlerts();
followPanel();
begin();
