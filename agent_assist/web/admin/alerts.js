// Words that alert, with the context in which they don't: what is shipped, the city's own over it, what false alarms taught.
import { useState } from 'preact/hooks';
import { DocumentVersions, newId, rewrite } from './city.js';
import { ListField } from './list_field.js';
import { get, post } from '../office/ask.js';
import { confirm } from '../office/confirm.js';
import { shown, useLoaded } from '../office/loaded.js';
import { may } from '../office/me.js';
import { act } from '../office/notice.js';
import { Choices, Field, Page, Select, typed } from '../office/page.js';
import { half, moment, say } from '../office/words.js';
import { Empty, html } from '../view.js';

/** @typedef {'abuse' | 'threat' | 'sexual' | 'self_harm' | 'emergency'} Kind */
/**
 * @typedef {{id: string, kind: Kind, weight: number, say: string[], instead: string[], unless: string[], needs: string[], contexts: string[],
 *   speakers: ('caller' | 'agent')[]}} WordRule
 */
/** @typedef {{id: string, phrases: string[], factor: number, becomes: Kind | null}} Context */
/** @typedef {{words: WordRule[], contexts: Context[], off: string[], procedures: unknown[]}} City */
/**
 * @typedef {{shipped: {words: WordRule[], contexts: Context[]}, city: City, version: number,
 *   procedures: {kind: Kind, title: string, law: string, steps: {title: string, says: string}[], advice: string[]}[],
 *   lessons: {lessons: {rule: string, phrase: string, around: string, times: number, at: string}[]}, lessons_version: number}} AlertsFile
 */

/** @type {Kind[]} */
const KINDS = ['emergency', 'self_harm', 'threat', 'sexual', 'abuse'];
/** @type {WordRule} */
const NEW = { id: '', kind: 'abuse', weight: 1, say: [], instead: [], unless: [], needs: [], contexts: [], speakers: ['caller'] };

export function Alerts() {
  const [kind, setKind] = useState(/** @type {string} */ ('emergency'));
  const [open, setOpen] = useState('');
  const [file, again, setFile] = useLoaded((signal) => get('alerts', {}, signal), []);
  const writes = may('admin');
  /** @param {AlertsFile} now @param {(city: City) => City} change @param {string} why */
  const put = async (now, change, why) => {
    setFile(await rewrite('alerts', now, change, why));
    return true;
  };
  return html`
    <${Page} name="alerts" deeds=${writes && html`<button class="main" onClick=${() => setOpen('new')}>${say('alerts.new')}</button>`}>
      <${Try} />
      ${shown(file, again, (/** @type {AlertsFile} */ now) => {
        const own = new Map(now.city.words.map((rule) => [rule.id, rule]));
        const shipped = new Set(now.shipped.words.map((rule) => rule.id));
        const all = [...now.shipped.words.map((rule) => own.get(rule.id) ?? rule), ...now.city.words.filter((rule) => !shipped.has(rule.id))];
        const contexts = [...new Set([...now.shipped.contexts, ...now.city.contexts].map((one) => one.id))];
        const procedure = now.procedures.find((one) => one.kind === kind);
        /** @param {WordRule} rule */
        const save = (rule) => act(() => put(now, (city) => ({ ...city, words: [...city.words.filter((one) => one.id !== rule.id), rule] }), say('alerts.why_saved', { word: rule.say[0] ?? '' })), say('page.saved'));
        /** @param {WordRule} rule @param {boolean} off */
        const toggle = (rule, off) => act(() => put(now, (city) => ({ ...city, off: off ? [...new Set([...city.off, rule.id])] : city.off.filter((id) => id !== rule.id) }), say(off ? 'rules.why_off' : 'rules.why_on', { title: rule.say[0] ?? '' })), say('page.saved'),
          async () => { await put(await get('alerts'), (city) => ({ ...city, off: off ? city.off.filter((id) => id !== rule.id) : [...city.off, rule.id] }), say('page.undo')); });
        /** @param {WordRule} rule */
        const remove = (rule) => act(() => put(now, (city) => ({ ...city, words: city.words.filter((one) => one.id !== rule.id) }), say('rules.why_removed', { title: rule.say[0] ?? '' })), say('page.removed'),
          async () => { await put(await get('alerts'), (city) => ({ ...city, words: [...city.words, rule] }), say('page.undo')); });
        return html`
          <${Choices} label=${say('alerts.kind')} value=${kind} onChange=${setKind} options=${KINDS.map((value) => ({ value, label: say(`alert.${value}`), count: all.filter((rule) => rule.kind === value).length }))} />
          ${open === 'new' && html`<${Form} key="new" rule=${{ ...NEW, id: newId(), kind: /** @type {Kind} */ (kind) }} contexts=${contexts} save=${save} onDone=${() => setOpen('')} />`}
          <ul class="lines">${all.filter((rule) => rule.kind === kind).map((rule) => {
            const off = now.city.off.includes(rule.id) && !own.has(rule.id);
            return html`
              <li key=${rule.id} class=${off ? 'record off' : 'record'}>
                ${open === rule.id ? html`<${Form} rule=${rule} contexts=${contexts} save=${save} onDone=${() => setOpen('')} />` : html`
                  <div><p class="say">${rule.say.join(', ')}</p>
                    <p><span class="badge">${say(rule.weight >= 1 ? 'alerts.at_once' : 'alerts.adds')} ${rule.weight}</span> <span class="badge">${say(own.has(rule.id) ? (shipped.has(rule.id) ? 'rules.changed' : 'rules.own') : 'rules.shipped')}</span>${off && html` <span class="badge of-deleted">${say('rules.off')}</span>`}</p>
                    <details><summary>${say('alerts.and_more', { count: rule.say.length })}</summary>
                      <p>${rule.say.join(', ')}</p>
                      ${['instead', 'unless', 'needs', 'contexts'].map((name) => { const words = rule[/** @type {'instead'} */ (name)]; return words.length > 0 && html`<p><b>${say(`alerts.${name}`)}</b> ${words.join(', ')}</p>`; })}</details></div>
                  ${writes && html`<div class="deeds">
                    ${shipped.has(rule.id) && !own.has(rule.id) && html`<button class="quiet" onClick=${() => toggle(rule, !off)}>${say(off ? 'rules.switch_on' : 'rules.switch_off')}</button>`}
                    <button class="quiet" onClick=${() => setOpen(rule.id)}>${say('page.edit')}</button>
                    ${own.has(rule.id) && html`<button class="quiet" onClick=${() => remove(rule)}>${say(shipped.has(rule.id) ? 'rules.as_shipped' : 'page.delete')}</button>`}
                  </div>`}`}
              </li>`;
          })}</ul>
          ${procedure && html`<section class="report-box"><h2>${say('alerts.procedure')}: ${procedure.title}</h2>${procedure.law && html`<p class="soft">${procedure.law}</p>`}
            <ol>${procedure.steps.map((step) => html`<li><b>${step.title}</b>${step.says && html`<br /><span class="soft">“${step.says}”</span>`}</li>`)}</ol>
            <ul>${procedure.advice.map((line) => html`<li>${line}</li>`)}</ul></section>`}
          <${Lessons} file=${now} may=${writes} onChanged=${again} />
          <${DocumentVersions} name="alert_words" path="alerts" version=${now.version} may=${writes} onRestored=${again} />`;
      })}
    <//>`;
}

/** @param {{rule: WordRule, contexts: string[], save: (rule: WordRule) => Promise<unknown>, onDone: () => void}} props */
function Form({ rule, contexts, save, onDone }) {
  const [now, setNow] = useState(rule);
  const set = (/** @type {Partial<WordRule>} */ change) => setNow({ ...now, ...change });
  const send = async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (await save(now)) onDone();
  };
  /** @param {'contexts' | 'speakers'} list @param {string} value @param {string} label */
  const box = (list, value, label) => html`<label class="check" key=${value}><input type="checkbox" checked=${/** @type {string[]} */ (now[list]).includes(value)}
    onChange=${(/** @type {Event} */ event) => set({ [list]: /** @type {HTMLInputElement} */ (event.target).checked ? [...now[list], value] : /** @type {string[]} */ (now[list]).filter((one) => one !== value) })} /> ${label}</label>`;
  return html`
    <form class="fields form" onSubmit=${send}>
      <${Field} label=${say('alerts.kind')}><${Select} value=${now.kind} options=${KINDS.map((value) => ({ value, label: say(`alert.${value}`) }))} onChange=${(/** @type {Kind} */ kind) => set({ kind })} /><//>
      <${Field} label=${say('alerts.weight')} hint=${say('alerts.weight_hint')}><input type="number" min="0.1" max="2" step="0.1" value=${now.weight} onInput=${(/** @type {Event} */ event) => set({ weight: Number(typed(event)) })} /><//>
      <${ListField} label=${say('alerts.say')} hint=${say('alerts.say_hint')} value=${now.say} onChange=${(/** @type {string[]} */ value) => set({ say: value })} />
      <${ListField} label=${say('alerts.instead')} hint=${say('alerts.instead_hint')} rows=${2} value=${now.instead} onChange=${(/** @type {string[]} */ instead) => set({ instead })} />
      <${ListField} label=${say('alerts.unless')} hint=${say('alerts.unless_hint')} rows=${2} value=${now.unless} onChange=${(/** @type {string[]} */ unless) => set({ unless })} />
      <${ListField} label=${say('alerts.needs')} hint=${say('alerts.needs_hint')} rows=${2} value=${now.needs} onChange=${(/** @type {string[]} */ needs) => set({ needs })} />
      ${contexts.length > 0 && html`<fieldset class="wide"><legend>${say('alerts.contexts')}</legend>${contexts.map((id) => box('contexts', id, id))}</fieldset>`}
      <fieldset class="wide"><legend>${say('rules.speaker')}</legend>${['caller', 'agent'].map((value) => box('speakers', value, say(`speaker.${value}`)))}</fieldset>
      <div class="deeds wide"><button type="button" onClick=${onDone}>${say('page.cancel')}</button><button class="main" disabled=${now.say.length === 0 || now.speakers.length === 0}>${say('page.save')}</button></div>
    </form>`;
}

/** @param {{file: AlertsFile, may: boolean, onChanged: () => void}} props */
function Lessons({ file, may: writes, onChanged }) {
  const { lessons } = file.lessons;
  /** @param {string} rule */
  const forget = async (rule) => {
    if ((await confirm({ title: say(rule ? 'alerts.forget_rule' : 'alerts.forget_all'), text: say('learning.forget_text'), yes: say('learning.forget'), danger: true })) === null) return;
    await act(() => post('alerts/forget', { rule, based_on: file.lessons_version }), say('learning.forgotten'));
    onChanged();
  };
  return html`
    <section class="report-box"><h2>${say('alerts.lessons')}</h2>
      ${lessons.length === 0 ? html`<p class="soft">${say('alerts.no_lessons')}</p>` : html`
        <ul>${lessons.map((one) => html`<li>${one.around.replace('_', ` “${one.phrase}” `)} <span class="soft">${say('alerts.lesson', { times: one.times.toFixed(1), when: moment(one.at) })}</span> ${writes && html`<button class="quiet" onClick=${() => forget(one.rule)}>${say('learning.forget')}</button>`}</li>`)}</ul>
        ${writes && html`<button class="danger-quiet" onClick=${() => forget('')}>${say('learning.forget_every')}</button>`}`}
    </section>`;
}

function Try() {
  const [text, setText] = useState('');
  const [found, setFound] = useState(/** @type {{finding: {kind: Kind, rule: string, weight: number, words: string}, alerts: boolean, taught: string}[] | null} */ (null));
  const ask = async (/** @type {Event} */ event) => {
    event.preventDefault();
    setFound((await act(() => post('alerts/try', { text }))) ?? null);
  };
  return html`
    <form class="try" onSubmit=${ask}>
      <label class="field wide"><span class="heard-out">${say('alerts.try')}</span><input type="text" maxlength="1000" placeholder=${say('alerts.try')} value=${text} onInput=${(/** @type {Event} */ event) => setText(typed(event))} /></label>
      <button disabled=${!text.trim()}>${say('tryit.ask')}</button>
    </form>
    <div aria-live="polite">${found && (found.length === 0 ? html`<${Empty} title=${say('alerts.try_none')} />` : html`<ul>${found.map((one) => html`
      <li><b class=${one.alerts ? 'late' : ''}>${say(`alert.${one.finding.kind}`)}</b> <mark>${one.finding.words}</mark> ${say(one.alerts ? 'alerts.try_alerts' : 'alerts.try_adds', { weight: one.finding.weight.toFixed(2) })} ${one.taught && html`<span class="soft">${half(one.taught)}</span>`}</li>`)}</ul>`)}</div>`;
}
