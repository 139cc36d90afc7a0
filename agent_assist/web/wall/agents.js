// Every agent: a dense grid of tiles, or a table. Three hundred fit on a screen.
import { useEffect } from 'preact/hooks';
import { walk } from '../office/page.js';
import { say } from '../office/words.js';
import { Empty, html } from '../view.js';
import { holding, letGo } from './hold.js';
import { row } from './picture.js';
import { Shape, reasonWord } from './signs.js';
import { Lasting } from './time.js';
import { walkGrid } from './walk.js';
import { HEADING, agentLines, choose, chosen, state } from './view.js';

/** So many tiles and fewer may be large. */
const ROOMY = 80;

/** @param {string} id */
const isChosen = (id) => chosen.value?.kind === 'agent' && chosen.value.id === id;

/** What is remarkable: an alert or a supervisor in her call, in short words. @param {import('./types.js').AgentRow} agent */
function remark(agent) {
  const call = agent.call ? row('calls', agent.call) : undefined;
  if (call?.alert) return { kind: 'alert', text: say(`alert.${call.alert}`) };
  if (call?.alarms?.length) return { kind: 'alert', text: say(`alert.${call.alarms[0]}`) };
  if (call?.mode) return { kind: 'watched', text: say(`mode.${call.mode}`) };
  if (call?.held) return { kind: '', text: say('call.held') };
  if (agent.leaving) return { kind: '', text: say('agent.leaving', { reason: reasonWord(agent.leaving) }) };
  if (agent.unseen) return { kind: '', text: say('agent.unseen', { count: agent.unseen }) };
  return { kind: '', text: reasonWord(agent.reason) };
}

export function Grid() {
  useEffect(() => letGo, []);
  const lines = agentLines.value;
  if (!lines.length) return html`<${Nobody} />`;
  return html`
    <div class=${lines.length <= ROOMY ? 'grid roomy' : 'grid'} role="list" aria-label=${say('view.grid')} onKeyDown=${walkGrid} ...${holding}>
      ${lines.map((id) => (id.startsWith(HEADING)
        ? html`<div class="group" role="listitem" key=${id}><h2>${id.slice(1) || say('agent.no_group')}</h2></div>`
        : html`<${Tile} id=${id} key=${id} />`))}
    </div>`;
}

/** @param {{id: string}} props */
function Tile({ id }) {
  const agent = row('agents', id);
  if (!agent) return html`<div class="tile gone" role="listitem"></div>`;
  const { name, state: now = 'away', since, present } = agent;
  const { kind, text } = remark(agent);
  return html`
    <div role="listitem" class="cell"><button class=${`tile ${now} ${kind}${present ? '' : ' absent'}`} data-stop data-agent=${id} aria-pressed=${isChosen(id)} onClick=${() => choose('agent', id)}
      title=${text || undefined}>
      <b>${name}</b>
      <span class="line"><${Shape} of=${now} /><span class="word">${present ? say(`state.short.${now}`) : say('agent.absent')}</span> <${Lasting} since=${since} short=${true} /></span>
      ${text && html`<em>${text}</em>`}
    </button></div>`;
}

export function List() {
  useEffect(() => letGo, []);
  const lines = agentLines.value;
  if (!lines.length) return html`<${Nobody} />`;
  return html`
    <div class="scroll"><table class="lines" ...${holding} onKeyDown=${walk}>
      <caption class="heard-out">${say('view.list')}</caption>
      <thead><tr>${['name', 'state', 'time', 'reason', 'call', 'team', 'ext', 'queues'].map((name) => html`<th scope="col" key=${name} class=${`c-${name}`}>${say(`column.${name}`)}</th>`)}</tr></thead>
      <tbody>${lines.map((id) => (id.startsWith(HEADING)
        ? html`<tr class="group" key=${id}><th colspan="8" scope="rowgroup">${id.slice(1) || say('agent.no_group')}</th></tr>`
        : html`<${Line} id=${id} key=${id} />`))}</tbody>
    </table></div>`;
}

/** @param {{id: string}} props */
function Line({ id }) {
  const agent = row('agents', id);
  if (!agent) return html`<tr class="gone"><td colspan="8">${say('agent.gone')}</td></tr>`;
  const { name, state: now = 'away', since, present, team, department, extension, queues = [], call } = agent;
  const { kind, text } = remark(agent);
  const its = call ? row('calls', call) : undefined;
  const words = its?.topic || its?.words;
  return html`
    <tr class=${`${now} ${kind}${isChosen(id) ? ' chosen' : ''}`} onClick=${() => choose('agent', id)}>
      <th scope="row"><button class="row-key" data-stop data-agent=${id} aria-pressed=${isChosen(id)}>${name}</button></th>
      <td><${Shape} of=${now} /> ${present ? say(`state.${now}`) : say('agent.absent')}</td>
      <td class="number"><${Lasting} since=${since} /></td>
      <td>${text}</td>
      <td class="cut">${words}</td>
      <td class="cut">${team || department}</td>
      <td class="number">${extension}</td>
      <td class="cut">${queues.join(', ')}</td>
    </tr>`;
}

function Nobody() {
  return html`<${Empty} title=${say('agent.none')}>${say('agent.none_next')}
    ${state.value && html` <button onClick=${() => { state.value = ''; }}>${say('tools.all')}</button>`}<//>`;
}
