// Texts that go by themselves after a contact: when, what, and what it would have been in the past.
import { useState } from 'preact/hooks';
import { get, part, post } from 'desk/office/ask.js';
import { confirm } from 'desk/office/confirm.js';
import { shown, useLoaded } from 'desk/office/loaded.js';
import { act } from 'desk/office/notice.js';
import { Field, Page, Select, begun, typed } from 'desk/office/page.js';
import { figure, language, moment, say } from 'desk/office/words.js';
import { grouped } from 'desk/format.js';
import { Empty, html } from 'desk/view.js';
import { Marked } from './templates.js';

/** @typedef {'channels' | 'categories' | 'results' | 'departments' | 'forms'} Condition */
/** @typedef {{rule_id: string, name: string, on: boolean, channels: string[], categories: string[], results: string[], departments: string[], forms: string[], template_id: string, sender: string, place: number}} Rule */
/** @typedef {{value: string, label: string, english: string}} Named */
/** @typedef {{rules: Rule[], templates: {template_id: string, title: string, text: string}[], senders: {number: string, name: string}[], categories: string[], results: Named[], departments: string[], forms: string[]}} RulesPage */
/** @typedef {{looked_at: number, sent: number, texted: number, no_mobile: number, opted_out: number, unfilled: number, cases: {contact_id: string, at: string, text: string}[]}} Trial */

/** @type {Rule} */
const NEW = { rule_id: '', name: '', on: false, channels: [], categories: [], results: [], departments: [], forms: [], template_id: '', sender: '', place: 0 };
/** @type {Condition[]} */
const CONDITIONS = ['categories', 'results', 'departments', 'forms', 'channels'];
const CHANNELS = ['call', 'text', 'chat', 'web'];
const DAYS = [1, 7, 30];

/** @param {Rule} one @returns {Rule} */
const wish = ({ rule_id, name, on, channels, categories, results, departments, forms, template_id, sender, place }) => ({ rule_id, name, on, channels, categories, results, departments, forms, template_id, sender, place });

export function TextRules() {
  const [loaded, again] = useLoaded((signal) => get('texts/rules', {}, signal), []);
  const [open, setOpen] = useState(/** @type {string | null} */ (null));
  const put = async (/** @type {Rule} */ one) => {
    await post('texts/rules', wish(one));
    again();
    return true;
  };
  /** @param {Rule} one */
  const remove = async (one) => {
    if (await confirm({ title: say('texts.delete_rule', { name: one.name }), yes: say('page.delete'), danger: true }) === null) return;
    await act(async () => { await post(`texts/rules/${part(one.rule_id)}/drop`); again(); }, say('page.removed'), () => put(one));
  };
  return html`
    <${Page} name="text-rules" deeds=${html`<button class="main" onClick=${() => setOpen('')}>${say('texts.new_rule')}</button>`}>
      ${shown(loaded, again, (/** @type {RulesPage} */ page) => html`
        ${page.templates.length === 0 && html`<p><b>${say('texts.template_first')}</b> <a href="#/templates">${say('nav.templates')}</a></p>`}
        ${open === '' && html`<${Form} key="new" one=${{ ...NEW, place: page.rules.length }} page=${page} put=${put} onDone=${() => setOpen(null)} />`}
        ${page.rules.length === 0 ? open !== '' && html`<${Empty} title=${say('texts.no_rules')}>${say('texts.no_rules_next')}<//>` : html`
          <ul class="lines">${page.rules.map((one) => html`
            <li key=${one.rule_id} class=${one.on ? 'record' : 'record off'}>
              ${open === one.rule_id ? html`<${Form} one=${one} page=${page} put=${put} onDone=${() => setOpen(null)} />` : html`
                <div><b>${one.name}</b> <span class="badge">${say(one.on ? 'texts.on' : 'texts.off')}</span>
                  <p>${describe(one, page)}</p>
                  <p class="soft">${page.templates.find(({ template_id: id }) => id === one.template_id)?.title ?? say('texts.template_gone')}</p></div>
                <div class="deeds">
                  <button class="quiet" onClick=${() => act(() => put({ ...one, on: !one.on }), say(one.on ? 'texts.switched_off' : 'texts.switched_on', { name: one.name }), () => put(one))}>${say(one.on ? 'texts.switch_off' : 'texts.switch_on')}</button>
                  <button class="quiet" onClick=${() => setOpen(one.rule_id)}>${say('page.edit')}</button>
                  <button class="quiet" onClick=${() => remove(one)}>${say('page.delete')}</button>
                </div>`}
            </li>`)}</ul>`}`)}
    <//>`;
}

/** The words of what a condition may name. @param {Condition} kind @param {RulesPage} page @returns {{value: string, label: string}[]} */
function choices(kind, page) {
  if (kind === 'channels') return CHANNELS.map((value) => ({ value, label: say(`texts.channel.${value}`) }));
  if (kind === 'results') return page.results.map(({ value, label, english }) => ({ value, label: language.value === 'en' && english ? english : label }));
  return page[kind].map((value) => ({ value, label: kind === 'categories' ? value.split('>').join(' › ') : value }));
}

/** A rule as a sentence. @param {Rule} one @param {RulesPage} page */
function describe(one, page) {
  const parts = CONDITIONS.filter((kind) => one[kind].length > 0).map((kind) => {
    const known = new Map(choices(kind, page).map(({ value, label }) => [value, label]));
    return say(`texts.when.${kind}`, { names: one[kind].map((value) => known.get(value) ?? value).join(', ') });
  });
  return parts.join(' · ');
}

/** @param {{one: Rule, page: RulesPage, put: (one: Rule) => Promise<boolean>, onDone: () => void}} props */
function Form({ one, page, put, onDone }) {
  const [now, setNow] = useState(one);
  const [days, setDays] = useState(7);
  const [trial, setTrial] = useState(/** @type {Trial | 'running' | null} */ (null));
  const set = (/** @type {Partial<Rule>} */ change) => { setNow({ ...now, ...change }); setTrial(null); };
  const save = async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (await act(() => put(now), say('page.saved'), one.rule_id ? () => put(one) : undefined)) onDone();
  };
  const tryIt = async () => {
    setTrial('running');
    setTrial((await act(() => post('texts/rules/try', { rule: wish(now), days }))) ?? null);
  };
  const template = page.templates.find(({ template_id: id }) => id === now.template_id);
  return html`
    <form class="fields form" onSubmit=${save}>
      <${Field} label=${say('texts.rule_name')}><input type="text" required maxlength="60" ref=${begun} value=${now.name} onInput=${(/** @type {Event} */ event) => set({ name: typed(event) })} /><//>
      <${Field} label=${say('texts.template')}><${Select} value=${now.template_id} none=${say('page.choose')} options=${page.templates.map(({ template_id: value, title: label }) => ({ value, label }))} onChange=${(/** @type {string} */ template_id) => set({ template_id })} /><//>
      ${template && html`<p class="wide text-of"><${Marked} text=${template.text} /></p>`}
      <p class="wide soft">${say('texts.conditions_hint')}</p>
      ${CONDITIONS.map((kind) => html`<${Several} key=${kind} label=${say(`texts.${kind}`)} chosen=${now[kind]} options=${choices(kind, page)} onChange=${(/** @type {string[]} */ chosen) => set({ [kind]: chosen })} />`)}
      ${page.senders.length > 0 && html`<${Field} label=${say('texts.from')}><${Select} value=${now.sender} none=${say('texts.from_usual')} options=${page.senders.map(({ number, name }) => ({ value: number, label: `${name} ${grouped(number)}` }))} onChange=${(/** @type {string} */ sender) => set({ sender })} /><//>`}
      <label class="check wide"><input type="checkbox" checked=${now.on} onChange=${(/** @type {Event} */ event) => set({ on: /** @type {HTMLInputElement} */ (event.target).checked })} /> ${say('texts.on_hint')}</label>
      <div class="wide trial">
        <div class="deeds"><button type="button" disabled=${trial === 'running'} onClick=${tryIt}>${say('texts.try')}</button>
          <${Select} label=${say('texts.try_days')} value=${String(days)} options=${DAYS.map((many) => ({ value: String(many), label: say('texts.days', { days: many }) }))} onChange=${(/** @type {string} */ many) => { setDays(Number(many)); setTrial(null); }} /></div>
        <div aria-live="polite">${trial === 'running' ? html`<p class="soft">${say('texts.trying')}</p>` : trial && html`<${Tried} trial=${trial} />`}</div>
      </div>
      <div class="deeds wide"><button type="button" onClick=${onDone}>${say('page.cancel')}</button><button class="main">${say('page.save')}</button></div>
    </form>`;
}

/** Several of a list, as chips. @param {{label: string, chosen: string[], options: {value: string, label: string}[], onChange: (chosen: string[]) => void}} props */
function Several({ label, chosen, options, onChange }) {
  const left = options.filter(({ value }) => !chosen.includes(value));
  const known = new Map(options.map((one) => [one.value, one.label]));
  if (!options.length && !chosen.length) return null; // nothing to choose from, as where there is no menu
  return html`
    <div class="field"><span>${label}</span>
      <p class="chips">${chosen.map((value) => html`<button type="button" class="quiet chip" key=${value} title=${say('page.remove')} onClick=${() => onChange(chosen.filter((other) => other !== value))}>${known.get(value) ?? value} ×</button>`)}
        ${left.length > 0 && html`<${Select} label=${label} value="" none=${say(chosen.length ? 'texts.or' : 'texts.any')} options=${left} onChange=${(/** @type {string} */ value) => value && onChange([...chosen, value])} />`}</p>
    </div>`;
}

/** @param {{trial: Trial}} props */
function Tried({ trial }) {
  const rest = /** @type {const} */ (['texted', 'no_mobile', 'opted_out', 'unfilled']).filter((name) => trial[name] > 0);
  return html`
    <p><b>${say('texts.would', { sent: figure(trial.sent), looked: figure(trial.looked_at) })}</b></p>
    ${rest.length > 0 && html`<p class="soft">${rest.map((name) => say(`texts.would_not.${name}`, { count: figure(trial[name]) })).join(' · ')}</p>`}
    ${trial.cases.length > 0 && html`<ul class="lines">${trial.cases.map((one) => html`<li key=${one.contact_id} class="record"><div class="text-of">${one.text}</div><span class="soft">${moment(one.at)}</span></li>`)}</ul>`}`;
}
