// What must be said within so many seconds, or has been said: rules that are shipped, switched off or worded anew by the city.
import { useState } from 'preact/hooks';
import { DocumentVersions, newId, rewrite } from './city.js';
import { ListField } from './list_field.js';
import { get, post } from '../office/ask.js';
import { shown, useLoaded } from '../office/loaded.js';
import { may } from '../office/me.js';
import { act } from '../office/notice.js';
import { Field, Page, Select, begun, typed } from '../office/page.js';
import { say } from '../office/words.js';
import { html } from '../view.js';

/**
 * @typedef {{id: string, title: string, speaker: 'caller' | 'agent', phrases: string[], negate: boolean, when: 'from_join' | 'after_phrase',
 *   after_speaker: 'caller' | 'agent', after: string[], within_s: number, earlier: boolean, text: string, text_en: string, entry_id: string}} Rule
 */
/** @typedef {{off: string[], rules: Rule[]}} City */
/** @typedef {{shipped: Rule[], city: City, version: number}} RulesFile */

/** @type {Rule} */
const NEW = { id: '', title: '', speaker: 'agent', phrases: [], negate: true, when: 'from_join', after_speaker: 'caller', after: [], within_s: 30, earlier: false, text: '', text_en: '', entry_id: '' };

export function Rules() {
  const [file, again, setFile] = useLoaded((signal) => get('rules', {}, signal), []);
  const [open, setOpen] = useState('');
  const writes = may('editor');
  /** @param {RulesFile} now @param {(city: City) => City} change @param {string} why */
  const put = async (now, change, why) => {
    setFile(await rewrite('rules', now, change, why));
    return true;
  };
  return html`
    <${Page} name="rules" deeds=${writes && html`<button class="main" onClick=${() => setOpen('new')}>${say('rules.new')}</button>`}>
      <${Try} />
      ${shown(file, again, (/** @type {RulesFile} */ now) => {
        const own = new Map(now.city.rules.map((rule) => [rule.id, rule]));
        const shipped = new Set(now.shipped.map((rule) => rule.id));
        const all = [...now.shipped.map((rule) => own.get(rule.id) ?? rule), ...now.city.rules.filter((rule) => !shipped.has(rule.id))];
        /** @param {Rule} rule */
        const save = (rule) => act(() => put(now, (city) => ({ ...city, rules: [...city.rules.filter((one) => one.id !== rule.id), rule] }), say('rules.why_saved', { title: rule.title })), say('page.saved'));
        /** @param {Rule} rule @param {boolean} off */
        const toggle = (rule, off) => act(() => put(now, (city) => ({ ...city, off: off ? [...new Set([...city.off, rule.id])] : city.off.filter((id) => id !== rule.id) }), say(off ? 'rules.why_off' : 'rules.why_on', { title: rule.title })), say('page.saved'));
        /** @param {Rule} rule */
        const remove = (rule) => act(() => put(now, (city) => ({ ...city, rules: city.rules.filter((one) => one.id !== rule.id) }), say('rules.why_removed', { title: rule.title })), say('page.removed'),
          async () => { await put(await get('rules'), (city) => ({ ...city, rules: [...city.rules, rule] }), say('page.undo')); });
        return html`
          ${open === 'new' && html`<${Form} key="new" rule=${{ ...NEW, id: newId() }} save=${save} onDone=${() => setOpen('')} />`}
          <ul class="lines">${all.map((rule) => {
            const off = now.city.off.includes(rule.id);
            return html`
              <li key=${rule.id} class=${off ? 'record off' : 'record'}>
                ${open === rule.id ? html`<${Form} rule=${rule} save=${save} onDone=${() => setOpen('')} />` : html`
                  <div><b>${rule.title}</b> <span class="badge">${say(own.has(rule.id) ? (shipped.has(rule.id) ? 'rules.changed' : 'rules.own') : 'rules.shipped')}</span>${off && html` <span class="badge of-deleted">${say('rules.off')}</span>`}
                    <p>${describe(rule)}</p><p class="soft">“${rule.text}”</p></div>
                  ${writes && html`<div class="deeds">
                    ${shipped.has(rule.id) && html`<button class="quiet" onClick=${() => toggle(rule, !off)}>${say(off ? 'rules.switch_on' : 'rules.switch_off')}</button>`}
                    <button class="quiet" onClick=${() => setOpen(rule.id)}>${say('page.edit')}</button>
                    ${own.has(rule.id) && html`<button class="quiet" onClick=${() => remove(rule)}>${say(shipped.has(rule.id) ? 'rules.as_shipped' : 'page.delete')}</button>`}
                  </div>`}`}
              </li>`;
          })}</ul>
          <${DocumentVersions} name="reminder_rules" path="rules" version=${now.version} may=${writes} onRestored=${again} />`;
      })}
    <//>`;
}

/** A rule as a sentence. @param {Rule} rule */
function describe(rule) {
  const who = say(`speaker.${rule.speaker}`);
  const from = rule.when === 'from_join' ? say('rules.from_join') : say('rules.after', { who: say(`speaker.${rule.after_speaker}`), phrase: rule.after[0] ?? '' });
  const key = rule.negate ? (rule.within_s ? 'rules.not_within' : 'rules.not_before') : rule.within_s ? 'rules.said_within' : 'rules.said';
  return say(key, { from, who, phrase: rule.phrases[0] ?? '', seconds: rule.within_s });
}

/** @param {{rule: Rule, save: (rule: Rule) => Promise<unknown>, onDone: () => void}} props */
function Form({ rule, save, onDone }) {
  const [now, setNow] = useState(rule);
  const set = (/** @type {Partial<Rule>} */ change) => setNow({ ...now, ...change });
  const speakers = ['agent', 'caller'].map((value) => ({ value, label: say(`speaker.${value}`) }));
  const send = async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (await save(now)) onDone();
  };
  const check = (/** @type {'negate' | 'earlier'} */ name) => html`<label class="check wide"><input type="checkbox" checked=${now[name]} onChange=${(/** @type {Event} */ event) => set({ [name]: /** @type {HTMLInputElement} */ (event.target).checked })} /> ${say(`rules.${name}`)}</label>`;
  return html`
    <form class="fields form" onSubmit=${send}>
      <${Field} label=${say('rules.title')} wide><input type="text" required maxlength="200" ref=${begun} value=${now.title} onInput=${(/** @type {Event} */ event) => set({ title: typed(event) })} /><//>
      <${Field} label=${say('rules.when')}><${Select} value=${now.when} options=${['from_join', 'after_phrase'].map((value) => ({ value, label: say(`rules.when_${value}`) }))} onChange=${(/** @type {Rule['when']} */ when) => set({ when, ...(when === 'from_join' && { after: [], earlier: false }) })} /><//>
      <${Field} label=${say('rules.within')}><input type="number" min="0" max="3600" value=${now.within_s} onInput=${(/** @type {Event} */ event) => set({ within_s: Number(typed(event)) })} /><//>
      ${now.when === 'after_phrase' && html`
        <${Field} label=${say('rules.after_speaker')}><${Select} value=${now.after_speaker} options=${speakers} onChange=${(/** @type {Rule['after_speaker']} */ after_speaker) => set({ after_speaker })} /><//>
        <${ListField} label=${say('rules.after_phrases')} hint=${say('rules.phrases_hint')} value=${now.after} onChange=${(/** @type {string[]} */ after) => set({ after })} />`}
      <${Field} label=${say('rules.speaker')}><${Select} value=${now.speaker} options=${speakers} onChange=${(/** @type {Rule['speaker']} */ speaker) => set({ speaker })} /><//>
      <${ListField} label=${say('rules.phrases')} hint=${say('rules.phrases_hint')} value=${now.phrases} onChange=${(/** @type {string[]} */ phrases) => set({ phrases })} />
      ${check('negate')}${now.when === 'after_phrase' && check('earlier')}
      <${Field} label=${say('rules.text')} wide><input type="text" maxlength="200" value=${now.text} onInput=${(/** @type {Event} */ event) => set({ text: typed(event) })} /><//>
      <${Field} label=${say('rules.text_en')} wide><input type="text" maxlength="200" value=${now.text_en} onInput=${(/** @type {Event} */ event) => set({ text_en: typed(event) })} /><//>
      <${Field} label=${say('rules.entry')} hint=${say('rules.entry_hint')}><input type="text" maxlength="200" value=${now.entry_id} onInput=${(/** @type {Event} */ event) => set({ entry_id: typed(event).trim() })} /><//>
      <div class="deeds wide"><button type="button" onClick=${onDone}>${say('page.cancel')}</button><button class="main">${say('page.save')}</button></div>
    </form>`;
}

function Try() {
  const [text, setText] = useState('');
  const [speaker, setSpeaker] = useState('agent');
  const [found, setFound] = useState(/** @type {{rule: Rule, said: boolean, opens: boolean}[] | null} */ (null));
  const ask = async (/** @type {Event} */ event) => {
    event.preventDefault();
    setFound((await act(() => post('rules/try', { text, speaker }))) ?? null);
  };
  const hits = found?.filter((one) => one.said || one.opens);
  return html`
    <form class="try" onSubmit=${ask}>
      <${Select} label=${say('rules.speaker')} value=${speaker} options=${['agent', 'caller'].map((value) => ({ value, label: say(`speaker.${value}`) }))} onChange=${setSpeaker} />
      <label class="field wide"><span class="heard-out">${say('rules.try')}</span><input type="text" maxlength="1000" placeholder=${say('rules.try')} value=${text} onInput=${(/** @type {Event} */ event) => setText(typed(event))} /></label>
      <button disabled=${!text.trim()}>${say('tryit.ask')}</button>
    </form>
    <div aria-live="polite">${hits && (hits.length === 0 ? html`<p class="soft">${say('rules.try_none')}</p>` : html`<ul>${hits.map((one) => html`<li><b>${one.rule.title}</b>: ${[one.said && say('rules.try_said'), one.opens && say('rules.try_opens')].filter(Boolean).join(', ')}</li>`)}</ul>`)}</div>`;
}
