// The agent or call that is chosen: what there is to know, and what can be done. Its place never changes.
import { grouped } from '../format.js';
import { part } from '../office/ask.js';
import { me } from '../office/me.js';
import { say } from '../office/words.js';
import { Key, html } from '../view.js';
import { Grade, around } from './calls.js';
import { canJoin, form, join, open, ringing, stays } from './deeds.js';
import { Form } from './forms.js';
import { agents, calls } from './picture.js';
import { Shape, reasonWord } from './signs.js';
import { Lasting } from './time.js';
import { chosen, meant } from './view.js';

/** @type {[import('./types.js').Mode, string][]} */
const MODES = [['listen', 'L'], ['whisper', 'W'], ['barge', 'B']];

export function Chosen() {
  const { agentId, callId } = meant.value;
  const one = chosen.value;
  const [agent, call] = [agents.value[agentId], calls.value[callId]];
  return html`
    <section class="chosen" aria-labelledby="chosen-title">
      <header>
        <h2 id="chosen-title">${agent?.name ?? (call ? say('chosen.call') : say('chosen.title'))}</h2>
        ${one && html`<button class="small quiet" onClick=${() => { chosen.value = null; form.value = ''; }}>${say('form.close')} <${Key}>Esc<//></button>`}
      </header>
      ${!one && form.value !== 'note' && html`<p class="soft quiet-line">${say('chosen.none')}</p><p class="deeds"><button class="small" onClick=${() => open('note')}>${say('deed.note_all')} <${Key}>M<//></button></p>`}
      ${one && !agent && !call && html`<p class="soft quiet-line">${say('call.over')}</p>`}
      ${agent && html`<${AgentFacts} id=${agentId} agent=${agent} />`}
      ${call && html`<${CallFacts} call=${call} id=${callId} />`}
      ${(agent || call) && html`<${Deeds} call=${call} agent=${agent} />`}
      <${Form} />
    </section>`;
}

/** @param {{id: string, agent: import('./types.js').AgentRow}} props */
function AgentFacts({ id, agent }) {
  const { state = 'away', since, reason, by = '', leaving, leaving_by: leavingBy = '', team, department, extension, unseen, present } = agent;
  return html`
    <p class="fact"><${Shape} of=${state} /> <b>${present ? say(`state.${state}`) : say('agent.absent')}</b> <${Lasting} since=${since} />
      ${reason && html` · ${reasonWord(reason)}`}${by && html` · ${say('agent.by', { name: agents.value[by]?.name ?? by })}`}</p>
    ${leaving && html`<p class="fact">${say('agent.leaving', { reason: reasonWord(leaving) })}${leavingBy && html` · ${say('agent.by', { name: agents.value[leavingBy]?.name ?? leavingBy })}
      <button class="small quiet" onClick=${() => stays(id)}>${say('set.stays')}</button>`}</p>`}
    <p class="soft fact">${[team, department, extension && say('agent.extension', { extension }), unseen && say('agent.unseen', { count: unseen })].filter(Boolean).join(' · ')}</p>`;
}

/** @param {{call: import('./types.js').CallRow, id: string}} props */
function CallFacts({ call, id }) {
  const { stage = 'menu', since, number = '', name, topic, category = '', words, words_by: by = 'caller', grade } = call;
  const more = around(call);
  return html`
    <div class="call-facts">
      <p class="fact"><${Shape} of=${stage} /> <b>${say(`stage.${stage}`)}</b> <${Lasting} since=${since} /> · <span class="number">${number ? grouped(number) : say('call.withheld')}</span>${name && ` ${name}`}</p>
      ${more && html`<p class="fact">${more}</p>`}
      ${(topic || category) && html`<p class="fact"><b>${topic}</b>${category && html` <span class="soft">${category.split('>').join(' › ')}</span>`}</p>`}
      ${words && html`<p class="fact last-words"><span class=${by}>${say(`speaker.${by}`)}</span> ${words}</p>`}
      <p class="fact soft">${grade && html`${say('call.sound')} <${Grade} call=${call} /> · `}<a href=${`/desk#/calls/${part(id)}`}>${say('call.open')} <${Key}>O<//></a></p>
    </div>`;
}

/** @param {{call: import('./types.js').CallRow | undefined, agent: import('./types.js').AgentRow | undefined}} props */
function Deeds({ call, agent }) {
  const possible = canJoin(call);
  const here = call?.supervisor === me.value.id;
  const mode = here ? call?.mode : null;
  return html`
    <div class="deeds" role="group" aria-label=${say('chosen.deeds')}>
      ${MODES.map(([name, key]) => html`<button key=${name} class="small" disabled=${!possible || ringing.value !== ''} aria-pressed=${mode === name} onClick=${() => join(name)}>${say(`mode.${name}`)} <${Key}>${key}<//></button>`)}
      <button class="small" disabled=${!here} onClick=${() => join(null)}>${say('deed.leave')} <${Key}>X<//></button>
      <button class="small" disabled=${!possible || ringing.value !== ''} aria-expanded=${form.value === 'takeover'} onClick=${() => open('takeover')}>${say('takeover.title')} <${Key}>T<//></button>
      <button class="small" aria-expanded=${form.value === 'note'} onClick=${() => open('note')}>${say('note.title')} <${Key}>M<//></button>
      <button class="small" disabled=${!agent} aria-expanded=${form.value === 'state'} onClick=${() => open('state')}>${say('set.title')} <${Key}>C<//></button>
    </div>`;
}
