// The figures: who waits, how well the day goes, how many are in which state. They never move; the states are filters, too.
import { clock } from '../format.js';
import { figure, say } from '../office/words.js';
import { html } from '../view.js';
import { figures, queue } from './picture.js';
import { Shape, percent } from './signs.js';
import { Lasting } from './time.js';
import { counts, state, view } from './view.js';

export function Strip() {
  const { waiting = 0, longest_since: since, expect_s: expected = 0 } = queue.value;
  const { offered = 0, answered = 0, abandoned = 0, level_now: now, level_today: today, target = 0.8, target_s: within = 20, asa_s: asa, aht_s: aht } = figures.value;
  return html`
    <section class="strip" aria-label=${say('strip.label')}>
      <dl class="figures">
        <div class=${waiting ? 'big on' : 'big'}><dt>${say('strip.waiting')}</dt><dd>${figure(waiting)}</dd></div>
        <div><dt>${say('strip.longest')}</dt><dd>${since ? html`<${Lasting} since=${since} />` : '–'}</dd></div>
        <div><dt>${say('strip.expected')}</dt><dd>${expected > 0 ? clock(expected) : '–'}</dd></div>
        <${Level} name="strip.level_now" level=${now} target=${target} title=${say('strip.level_means', { percent: percent(target), seconds: within })} />
        <${Level} name="strip.level_today" level=${today} target=${target} title=${say('strip.level_means', { percent: percent(target), seconds: within })} />
        <div><dt>${say('strip.offered')}</dt><dd>${figure(offered)}</dd></div>
        <div><dt>${say('strip.answered')}</dt><dd>${figure(answered)}</dd></div>
        <div><dt>${say('strip.abandoned')}</dt><dd>${figure(abandoned)}</dd></div>
        <div class="wide-only"><dt>${say('strip.asa')}</dt><dd>${asa === undefined ? '–' : clock(asa)}</dd></div>
        <div class="wide-only"><dt>${say('strip.aht')}</dt><dd>${aht === undefined ? '–' : clock(aht)}</dd></div>
      </dl>
      <${States} />
    </section>`;
}

/** @param {{name: string, level: number | undefined, target: number, title: string}} props */
function Level({ name, level, target, title }) {
  const low = level !== undefined && level < target;
  return html`<div title=${title}><dt>${say(name)}</dt><dd>${percent(level)}${low && html`<small> ▼<span class="heard-out">${say('strip.below')}</span></small>`}</dd></div>`;
}

function States() {
  const { states } = counts.value;
  return html`
    <div class="states" role="group" aria-label=${say('strip.states')}>
      ${Object.entries(states).map(([name, count]) => html`
        <button key=${name} class=${`state-key ${name}`} aria-pressed=${state.value === name}
          onClick=${() => { state.value = state.value === name ? '' : name; if (view.value !== 'list') view.value = 'grid'; }}>
          <${Shape} of=${name} />${say(`state.${name}`)} <b>${count}</b>
        </button>`)}
    </div>`;
}
