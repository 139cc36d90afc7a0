// Every call with its last words; every written contact that is open.
import { useEffect } from 'preact/hooks';
import { part } from '../office/ask.js';
import { walk } from '../office/page.js';
import { say } from '../office/words.js';
import { Empty, html } from '../view.js';
import { holding, letGo } from './hold.js';
import { agents, now, row } from './picture.js';
import { Shape } from './signs.js';
import { Lasting } from './time.js';
import { callLines, choose, chosen, writtenLines } from './view.js';

const COLUMNS = ['stage', 'time', 'agent', 'who', 'topic', 'words', 'sound'];

export function Calls() {
  useEffect(() => letGo, []);
  const lines = callLines.value;
  if (!lines.length) return html`<${Empty} title=${say('call.none')}>${say('call.none_next')}<//>`;
  return html`
    <div class="scroll"><table class="lines calls" ...${holding} onKeyDown=${walk}>
      <caption class="heard-out">${say('view.calls')}</caption>
      <thead><tr>${COLUMNS.map((name) => html`<th scope="col" key=${name} class=${`c-${name}`}>${say(`column.${name}`)}</th>`)}</tr></thead>
      <tbody>${lines.map((id) => html`<${CallLine} id=${id} key=${id} />`)}</tbody>
    </table></div>`;
}

/** What stands under the state: hold, a transfer, who listens. @param {import('./types.js').CallRow} call */
export function around(call) {
  const { held, transfer, transfer_to: to, mode, supervisor = '', way } = call;
  return [
    held && say('call.held'),
    transfer && say(`transfer.${transfer}`, { to: to || say('call.somebody') }),
    mode && say('call.watched', { mode: say(`mode.${mode}`), name: agents.value[supervisor]?.name ?? supervisor }),
    way && way !== 'bridge' && say('call.only_listening'),
  ].filter(Boolean).join(' · ');
}

/** @param {{id: string}} props */
function CallLine({ id }) {
  const call = row('calls', id);
  if (!call) return html`<tr class="gone"><td colspan="7">${say('call.over')}</td></tr>`;
  const { stage = 'menu', since, agent_name: agent, position, topic, category = '', words, words_by: by = 'caller', alert, alarms = [] } = call;
  const on = chosen.value?.kind === 'call' && chosen.value.id === id;
  const trouble = alert ?? alarms[0];
  const more = around(call);
  return html`
    <tr class=${`${stage}${trouble ? ' alert' : ''}${on ? ' chosen' : ''}`} onClick=${() => choose('call', id)}>
      <td><${Shape} of=${stage} /> ${say(`stage.${stage}`)}${stage === 'queued' && position ? html` <b>${position}</b>` : ''}</td>
      <td class="number"><${Lasting} since=${since} /></td>
      <th scope="row"><button class="row-key" data-stop data-call=${id} aria-pressed=${on}>${agent || (stage === 'queued' ? say('call.nobody') : '–')}</button></th>
      <td class="number">${call.number || say('call.withheld')}</td>
      <td class="cut two"><b>${topic}</b><small>${trouble ? html`<span class="warn">▲ ${say(`alert.${trouble}`)}</span>` : more || category.split('>').at(-1)}</small></td>
      <td class="words"><div class="clamp">${words && html`<span class=${by}>${say(`speaker.${by}`)}</span> ${words}`}</div></td>
      <td><${Grade} call=${call} /></td>
    </tr>`;
}

/** @param {{call: import('./types.js').CallRow}} props */
export function Grade({ call }) {
  const { grade, causes = [] } = call;
  if (!grade) return html`<span class="soft">–</span>`;
  return html`<span class=${`grade ${grade}`} title=${causes.map((cause) => say(`cause.${cause}`)).join(', ') || undefined}>${say(`grade.${grade}`)}</span>`;
}

export function Written() {
  useEffect(() => letGo, []);
  const lines = writtenLines.value;
  if (!lines.length) return html`<${Empty} title=${say('written.none')}>${say('written.none_next')}<//>`;
  return html`
    <div class="scroll"><table class="lines written" ...${holding} onKeyDown=${walk}>
      <caption class="heard-out">${say('view.written')}</caption>
      <thead><tr>${['stage', 'waits', 'agent', 'who', 'topic', 'words'].map((name) => html`<th scope="col" key=${name} class=${`c-${name}`}>${say(`column.${name}`)}</th>`)}</tr></thead>
      <tbody>${lines.map((id) => html`<${WrittenLine} id=${id} key=${id} />`)}</tbody>
    </table></div>`;
}

/** @param {{id: string}} props */
function WrittenLine({ id }) {
  const one = row('written', id);
  if (!one) return html`<tr class="gone"><td colspan="6">${say('written.over')}</td></tr>`;
  const { state = 'waiting', owed_since: owed, alert_at: alertAt, undelivered, agent_name: agent, number, topic, words } = one;
  return html`
    <tr class=${state}>
      <td><${Shape} of=${state} /> ${say(undelivered ? 'written.undelivered' : `written.${state}`)}</td>
      <td class=${`number${alertAt && Date.parse(alertAt) <= now.value ? ' overdue' : ''}`}><${Lasting} since=${owed} /></td>
      <th scope="row">${agent || '–'}</th>
      <td class="number">${number || say('call.withheld')}</td>
      <td class="cut">${topic}</td>
      <td class="words cut"><a href=${`/desk#/texts/${part(id)}`}>${words || say('alerts.read')}</a></td>
    </tr>`;
}
