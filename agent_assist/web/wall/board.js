// The big screen: numbers alone, to be read from the other end of the room. It needs no hand.
import { render } from 'preact';
import { signal } from '@preact/signals';
import { clock, timeOfDay } from '../format.js';
import { connect } from '../link.js';
import { figure, language, say, speak } from '../office/words.js';
import { html } from '../view.js';
import { Shape, percent } from './signs.js';

/** @type {import('@preact/signals').Signal<import('./types.js').Board | null>} */
const board = signal(null);
const link = signal('connecting');
const refused = signal(false);
const now = signal(Date.now());
const STATES = /** @type {const} */ (['ready', 'talking', 'offered', 'wrap_up', 'away']);
/** A screen whose token was revoked asks again so often: it may have a new one. */
const AGAIN_MS = 60_000;

/** @param {string | null | undefined} since */
const lasted = (since) => (since ? clock((now.value - Date.parse(since)) / 1000) : '–');

function BigScreen() {
  if (refused.value) return html`<main class="refused"><h1>${say('board.refused')}</h1><p>${say('board.refused_next')}</p></main>`;
  const one = board.value;
  if (!one) return html`<main class="refused"><h1>${say('link.opening')}</h1></main>`;
  const { waiting = 0, longest_since: longest, expect_s: expected = 0 } = one.queue;
  const { offered = 0, answered = 0, abandoned = 0, level_now: level, level_today: today, target = 0.8, target_s: within = 20, asa_s: asa } = one.figures;
  return html`
    <header><p class="centre">${one.centre}</p><p class=${`link ${link.value}`} role="status">${link.value === 'live' ? '' : say('link.lost')}</p><p class="hour">${timeOfDay(new Date(now.value).toISOString())}</p></header>
    <main>
      <h1 class="heard-out">${say('board.title')}</h1>
      <section class="huge">
        <dl>
          <div class=${waiting ? 'on' : ''}><dt>${say('strip.waiting')}</dt><dd>${figure(waiting)}</dd></div>
          <div><dt>${say('strip.longest')}</dt><dd>${lasted(longest)}</dd></div>
          <div><dt>${say('strip.expected')}</dt><dd>${expected > 0 ? clock(expected) : '–'}</dd></div>
          <div><dt>${say('strip.level_now')}</dt><dd>${percent(level)}${level !== undefined && level !== null && level < target && html`<small> ▼</small>`}</dd></div>
        </dl>
      </section>
      <section class="states" aria-label=${say('strip.states')}>
        <ul>${STATES.map((name) => html`<li key=${name} class=${name}><${Shape} of=${name} /> <span>${say(`state.${name}`)}</span> <b>${figure(one.agents[name] ?? 0)}</b></li>`)}</ul>
      </section>
      <section class="today" aria-labelledby="today-title">
        <h2 id="today-title">${say('board.today')}</h2>
        <dl>
          <div><dt>${say('strip.offered')}</dt><dd>${figure(offered)}</dd></div>
          <div><dt>${say('strip.answered')}</dt><dd>${figure(answered)}</dd></div>
          <div><dt>${say('strip.abandoned')}</dt><dd>${figure(abandoned)}</dd></div>
          <div><dt>${say('board.level', { seconds: Math.round(within), percent: percent(target) })}</dt><dd>${percent(today)}</dd></div>
          <div><dt>${say('strip.asa')}</dt><dd>${asa === undefined || asa === null ? '–' : clock(asa)}</dd></div>
          <div><dt>${say('board.calls')}</dt><dd>${figure(one.calls)}</dd></div>
          <div><dt>${say('board.menu')}</dt><dd>${figure(one.in_menu)}</dd></div>
          <div><dt>${say('board.written')}</dt><dd>${figure(one.written)}${one.written_since && html` <small>${lasted(one.written_since)}</small>`}</dd></div>
        </dl>
      </section>
      <section class="topics" aria-labelledby="topics-title">
        <h2 id="topics-title">${say('board.topics')}</h2>
        ${one.topics.length === 0 && html`<p class="soft">${say('issues.none')}</p>`}
        <ol>${one.topics.map(({ terms, district, calls }) => html`<li key=${terms.join()}><b>${terms.join(' · ')}</b> <span>${district || say('issues.everywhere')}</span> <em>${say('board.topic_calls', { calls })}</em></li>`)}</ol>
      </section>
    </main>`;
}

await speak(language.value);
document.title = say('board.title');
connect({
  address: () => '/wallboard/ws',
  first: 'Board',
  take: (message) => { if (message.type === 'Board') { board.value = message; refused.value = false; } },
  status: (status) => { link.value = status; },
  signedOut: () => {
    refused.value = true;
    setTimeout(() => location.reload(), AGAIN_MS);
  },
});
setInterval(() => { now.value = Date.now(); }, 1000);
const root = /** @type {HTMLElement} */ (document.getElementById('board'));
root.replaceChildren();
render(html`<${BigScreen} />`, root);
