// Reports that go out by themselves: which, when, to whom; a trial at once; what became of each.
import { useState } from 'preact/hooks';
import { post } from 'desk/office/ask.js';
import { confirm } from 'desk/office/confirm.js';
import { act, tell } from 'desk/office/notice.js';
import { Field, Select, typed } from 'desk/office/page.js';
import { half, moment, say } from 'desk/office/words.js';
import { Empty, html } from 'desk/view.js';
import { plainOptions, terms } from '../terms.js';

/** @typedef {import('./types.js').Desk} Desk */
/** @typedef {import('./types.js').Schedule} Schedule */

const EVERY = ['day', 'week', 'month'];
/** @type {Omit<Schedule, 'by' | 'at'>} */
const NEW = { schedule_id: '', title: '', every: 'month', hour: 8, department: '', formats: ['pdf', 'xlsx'], to: [], active: true };

/** @param {{desk: Desk, again: () => void}} props */
export function Schedules({ desk, again }) {
  const [open, setOpen] = useState(/** @type {Omit<Schedule, 'by' | 'at'> | null} */ (null));
  const done = () => { setOpen(null); again(); };
  return html`
    <section aria-labelledby="schedules-title">
      <header class="with-deed"><h2 id="schedules-title">${say('reports.schedules')}</h2>
        <button disabled=${!desk.mails} onClick=${() => setOpen({ ...NEW, title: say('reports.new_title') })}>${say('reports.new')}</button></header>
      ${!desk.mails && html`<p class="band">${say('reports.no_mail')}</p>`}
      ${open?.schedule_id === '' && html`<${Form} begin=${open} domains=${desk.domains} done=${done} />`}
      ${desk.schedules.length === 0 ? html`<${Empty} title=${say('reports.none')}>${say('reports.none_next')}<//>` : html`
        <ul class="lines">${desk.schedules.map(({ schedule, next }) => html`
          <li class=${`record${schedule.active ? '' : ' off'}`} key=${schedule.schedule_id}>
            ${open?.schedule_id === schedule.schedule_id ? html`<${Form} begin=${open} domains=${desk.domains} done=${done} />` : html`
              <div>
                <b>${schedule.title}</b>
                <p class="soft">${say(`every.${schedule.every}`)} ${say('statistics.hour', { hour: schedule.hour })} · ${schedule.department || say('any.department')} · ${schedule.formats.map((one) => say(`format.${one}`)).join(', ')}</p>
                <p class="soft">${schedule.to.join(', ')}</p>
                <p class="soft">${next ? say('reports.next', { at: moment(next) }) : say('reports.off')}</p>
              </div>
              <div class="deeds">
                <button disabled=${!desk.mails} onClick=${() => trial(schedule)}>${say('reports.trial')}</button>
                <button onClick=${() => setOpen(schedule)}>${say('page.edit')}</button>
                <button class="danger-quiet" onClick=${() => drop(schedule, again)}>${say('page.delete')}</button>
              </div>`}
          </li>`)}</ul>`}
    </section>
    <${Sendings} desk=${desk} />`;
}

/** @param {Schedule} schedule */
async function trial(schedule) {
  const sure = await confirm({ title: say('reports.trial_sure', { title: schedule.title }), text: schedule.to.join('\n'), yes: say('reports.trial') });
  if (sure === null) return;
  tell(say('reports.trial_sends'));
  const told = await act(() => post('reports/schedules/trial', { schedule_id: schedule.schedule_id }));
  if (told) tell(told.refused.length ? say('reports.trial_refused', { who: told.refused.join(', ') }) : say('reports.trial_sent', { count: told.to.length }));
}

/** @param {Schedule} schedule @param {() => void} again */
async function drop(schedule, again) {
  const sure = await confirm({ title: say('reports.drop_sure', { title: schedule.title }), yes: say('page.delete'), danger: true });
  if (sure === null) return;
  await act(() => post('reports/schedules/drop', { schedule_id: schedule.schedule_id }), say('page.removed'));
  again();
}

/** @param {{begin: Omit<Schedule, 'by' | 'at'>, domains: string[], done: () => void}} props */
function Form({ begin, domains, done }) {
  const [now, setNow] = useState({ ...begin, people: begin.to.join('\n') });
  const [trouble, setTrouble] = useState('');
  const set = (/** @type {Partial<typeof now>} */ some) => setNow({ ...now, ...some });
  const save = async (/** @type {Event} */ event) => {
    event.preventDefault();
    const { schedule_id, title, every, hour, department, formats, active, people } = now;
    try {
      await post('reports/schedules', { schedule_id, title, every, hour, department, formats, active, to: people.split(/[\s,;]+/).filter(Boolean) });
    } catch (wrong) {
      setTrouble(wrong instanceof Error ? /** @type {any} */ (wrong).more?.faults?.map((/** @type {{message: string}} */ one) => half(one.message)).join('\n') || wrong.message : String(wrong));
      return;
    }
    tell(say('page.saved'));
    done();
  };
  const format = (/** @type {'pdf' | 'xlsx'} */ name) => html`
    <label class="check"><input type="checkbox" checked=${now.formats.includes(name)}
      onChange=${() => set({ formats: now.formats.includes(name) ? now.formats.filter((one) => one !== name) : [...now.formats, name] })} /> ${say(`format.${name}`)}</label>`;
  return html`
    <form class="form" onSubmit=${save}>
      <div class="fields">
        <${Field} label=${say('reports.title')}><input type="text" maxlength="100" required value=${now.title} onInput=${(/** @type {Event} */ event) => set({ title: typed(event) })} /><//>
        <${Field} label=${say('by.department')}><${Select} none=${say('any.department')} value=${now.department} options=${plainOptions(terms.value.departments)} onChange=${(/** @type {string} */ department) => set({ department })} /><//>
        <${Field} label=${say('reports.every')}><${Select} value=${now.every} options=${EVERY.map((value) => ({ value, label: say(`every.${value}`) }))} onChange=${(/** @type {import('./types.js').Every} */ every) => set({ every })} /><//>
        <${Field} label=${say('reports.hour')}><${Select} value=${String(now.hour)} options=${Array.from({ length: 24 }, (_, hour) => ({ value: String(hour), label: say('statistics.hour', { hour }) }))} onChange=${(/** @type {string} */ hour) => set({ hour: Number(hour) })} /><//>
        <${Field} wide label=${say('reports.to')} hint=${say('reports.to_hint', { domains: domains.join(', ') })}>
          <textarea rows="3" required value=${now.people} aria-invalid=${trouble !== ''} onInput=${(/** @type {Event} */ event) => { setTrouble(''); set({ people: typed(event) }); }}></textarea><//>
      </div>
      <div>${format('pdf')}${format('xlsx')}
        <label class="check"><input type="checkbox" checked=${now.active} onChange=${() => set({ active: !now.active })} /> ${say('reports.active')}</label></div>
      ${trouble && html`<p class="wrong note" role="alert">${trouble}</p>`}
      <div class="deeds"><button type="button" onClick=${done}>${say('page.cancel')}</button><button class="main" disabled=${now.formats.length === 0}>${say('page.save')}</button></div>
    </form>`;
}

/** @param {{desk: Desk}} props */
function Sendings({ desk }) {
  if (desk.sendings.length === 0) return null;
  const title = (/** @type {string} */ id) => desk.schedules.find((one) => one.schedule.schedule_id === id)?.schedule.title ?? say('reports.gone');
  return html`
    <section aria-labelledby="sendings-title">
      <h2 id="sendings-title">${say('reports.sendings')}</h2>
      <div class="scrolls"><table>
        <thead><tr>${['when', 'what', 'state', 'more'].map((name) => html`<th scope="col">${say(`reports.${name}`)}</th>`)}</tr></thead>
        <tbody>${desk.sendings.map((one) => html`
          <tr key=${one.schedule_id + one.due}><td>${moment(one.due)}</td><td>${title(one.schedule_id)}</td>
            <td><span class=${`badge of-mail-${one.state}`}>${say(`mail.${one.state}`)}</span></td>
            <td>${half(one.reason)}${one.state === 'waiting' && one.next_at && ` ${say('reports.again_at', { at: moment(one.next_at), tries: one.tries })}`}</td></tr>`)}</tbody>
      </table></div>
    </section>`;
}
