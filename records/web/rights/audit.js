// Who saw, heard, exported, changed what: searched, taken out as a table, checked, signed off month by month.
import { useState } from 'preact/hooks';
import { get, post } from 'desk/office/ask.js';
import { confirm } from 'desk/office/confirm.js';
import { shown, useLoaded } from 'desk/office/loaded.js';
import { act } from 'desk/office/notice.js';
import { Page, Select, typed } from 'desk/office/page.js';
import { figure, moment, say } from 'desk/office/words.js';
import { Empty, html } from 'desk/view.js';
import { saveFile } from '../file.js';
import { inWords } from './detail.js';
import { MonthReview } from './month.js';
import { Progress, useWork } from './work.js';

/** @typedef {import('./types.js').AuditPage} AuditLines */
/** @typedef {import('./types.js').AuditLine} AuditLine */
/** @typedef {import('./types.js').Verdict} Verdict */

const DEEDS = ['saw', 'heard', 'searched', 'exported', 'changed', 'deleted', 'granted', 'signed_in', 'signed_out', 'tried'];
const THINGS = ['contact', 'record', 'recording', 'text', 'person', 'statistics', 'report', 'knowledge', 'wall', 'account', 'token', 'session', 'settings', 'retention', 'hold', 'audit'];
const NO_FILTER = { who: '', deed: '', thing: '', text: '', number: '', first: '', last: '' };

/** @param {{month: boolean}} props */
export function AuditLog({ month }) {
  const [work, begin] = useWork();
  return html`
    <${Page} name="audit" deeds=${html`<button disabled=${work?.state === 'running'} onClick=${() => begin(() => post('audit/verify'))}>${say('audit.verify')}</button>`}>
      <div class="verdict"><${Progress} work=${work} said=${say('audit.verifying')} />${work?.state === 'done' && html`<${Told} verdict=${work.result} />`}</div>
      <div class="choices" role="group" aria-label=${say('audit.views')}>
        <a class=${month ? 'button' : 'button on'} aria-current=${month ? undefined : 'page'} href="#/audit">${say('audit.lines')}</a>
        <a class=${month ? 'button on' : 'button'} aria-current=${month ? 'page' : undefined} href="#/audit/month">${say('audit.month')}</a>
      </div>
      ${month ? html`<${MonthReview} />` : html`<${Lines} />`}
    <//>`;
}

/** @param {{verdict: Verdict}} props */
function Told({ verdict }) {
  return verdict.broken
    ? html`<p class="wrong" role="alert">${say('audit.broken', { number: figure(verdict.broken), why: verdict.why })}</p>`
    : html`<p role="status">${say('audit.whole', { lines: figure(verdict.lines), anchors: figure(verdict.anchors) })}</p>`;
}

function Lines() {
  const [asked, setAsked] = useState(NO_FILTER);
  const [form, setForm] = useState(NO_FILTER);
  const [loaded, again, put] = useLoaded((signal) => get('audit', asked, signal), [asked]);
  const set = (/** @type {keyof typeof NO_FILTER} */ name) => (/** @type {Event} */ event) => setForm({ ...form, [name]: typed(event) });
  const choose = (/** @type {keyof typeof NO_FILTER} */ name) => (/** @type {string} */ value) => { const next = { ...form, [name]: value }; setForm(next); setAsked(next); };
  const more = (/** @type {AuditLines} */ page) => act(async () => {
    const next = await get('audit', { ...asked, before: page.lines[page.lines.length - 1].number });
    put({ ...next, lines: [...page.lines, ...next.lines] });
  });
  return html`
    <form class="filters" onSubmit=${(/** @type {Event} */ event) => { event.preventDefault(); setAsked(form); }}>
      <${Select} label=${say('audit.deed')} none=${say('audit.deed.all')} value=${form.deed} options=${DEEDS.map((value) => ({ value, label: say(`audit.deed.${value}`) }))} onChange=${choose('deed')} />
      <${Select} label=${say('audit.thing')} none=${say('audit.thing.all')} value=${form.thing} options=${THINGS.map((value) => ({ value, label: say(`audit.thing.${value}`) }))} onChange=${choose('thing')} />
      <input type="text" class="short" maxlength="60" placeholder=${say('audit.who')} aria-label=${say('audit.who')} value=${form.who} onInput=${set('who')} />
      <input type="text" class="short" inputmode="tel" maxlength="20" placeholder=${say('audit.number')} aria-label=${say('audit.number')} value=${form.number} onInput=${set('number')} />
      <input type="text" class="short" maxlength="100" placeholder=${say('audit.text')} aria-label=${say('audit.text')} value=${form.text} onInput=${set('text')} />
      <input type="date" class="short" aria-label=${say('audit.first')} value=${form.first} onInput=${set('first')} />
      <input type="date" class="short" aria-label=${say('audit.last')} value=${form.last} onInput=${set('last')} />
      <button class="main">${say('audit.find')}</button>
      <button type="button" class="quiet" onClick=${() => { setForm(NO_FILTER); setAsked(NO_FILTER); }}>${say('audit.all')}</button>
      <button type="button" class="quiet" onClick=${() => take(asked)}>${say('audit.csv')}</button>
    </form>
    ${shown(loaded, again, (/** @type {AuditLines} */ page) => page.lines.length === 0
      ? html`<${Empty} title=${say('audit.none')}>${say('audit.none_next')}<//>`
      : html`
        <table class="plain audit">
          <thead><tr><th class="number">${say('audit.no')}</th><th>${say('audit.at')}</th><th>${say('audit.who')}</th><th>${say('audit.what')}</th><th>${say('audit.about')}</th><th>${say('rights.reason')}</th></tr></thead>
          <tbody>${page.lines.map((line) => html`<${Line} key=${line.number} line=${line} names=${page.names} />`)}</tbody>
        </table>
        ${page.more && html`<button class="more" onClick=${() => more(page)}>${say('page.more')}</button>`}`)}`;
}

/** @param {{line: AuditLine, names: Record<string, string>}} props */
function Line({ line, names }) {
  const { who, deed, thing, subject, person, address, reason, detail } = line.note;
  return html`
    <tr>
      <td class="number soft">${figure(line.number)}</td>
      <td>${moment(line.at)}</td>
      <td>${names[who] ?? who}<small class="soft">${address}</small></td>
      <td>${say(`audit.thing.${thing}`)} ${say(`audit.deed.${deed}`)}</td>
      <td>${subject || detail ? html`${subject}${subject && detail && html`<br />`}${inWords(detail)}` : ''}${person && html`<small class="soft" title=${person}>${say('audit.person', { key: person.slice(0, 8) })}</small>`}</td>
      <td>${reason}</td>
    </tr>`;
}

/** The lines that the filters leave, as a file. @param {Record<string, string>} asked */
async function take(asked) {
  const reason = await confirm({ title: say('audit.csv_ask'), text: say('audit.csv_text'), yes: say('audit.csv'), write: { label: say('rights.reason'), needed: true } });
  if (reason === null) return;
  const query = new URLSearchParams(Object.entries(asked).filter(([, value]) => value));
  await act(() => saveFile(`audit/export?${query}`, { reason }));
}
