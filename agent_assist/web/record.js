// The counselling record in wrap-up: Enter confirms it as it stands, Tab walks the fields, numbers and arrows choose.
// Esc leaves it as a draft. What she has changed stays until it is kept, whatever happens to the panel.
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Fault, keepRecord, recordForm } from './api.js';
import { copyDraft } from './draft.js';
import { inThrees } from './format.js';
import { inWords as valueInWords } from './heard.js';
import { call, mine, tell } from './house.js';
import { language, say } from './messages.js';
import { Chooser, Suggest } from './record_fields.js';
import { forgetWords, keptWords, keepWords, noteKept } from './records_kept.js';
import { Empty, Key, html } from './view.js';

/** @typedef {import('./types.js').RecordForm} RecordForm */
/** @typedef {import('./types.js').RecordWords} RecordWords */

/** @param {{contactId: string, onDone: () => void}} props */
export function RecordPanel({ contactId, onDone }) {
  const [form, setForm] = useState(/** @type {RecordForm | null} */ (null));
  const [trouble, setTrouble] = useState('');
  const [round, setRound] = useState(0);
  const drawn = useRef(false);
  const load = () => recordForm(contactId).then((found) => {
    if (drawn.current && keptWords(contactId)) return; // she has begun meanwhile: neither her words nor the keyboard's place change
    drawn.current = true;
    setForm(found);
    setTrouble('');
    setRound((before) => before + 1);
  }, (fault) => setTrouble(fault instanceof Fault ? fault.message : String(fault)));
  const draft = call.value?.draft.value;
  useEffect(() => { if (!form || !keptWords(contactId)) load(); }, [contactId, draft]); // the last words may come after the panel
  if (trouble) return html`<${Empty} title=${trouble}><button data-first onClick=${load}>${say('record.retry')}</button><//>`;
  if (!form) return html`<p class="soft" role="status">${say('history.loading')}</p>`;
  return html`<${Form} key=${round} form=${form} onDone=${onDone} onReload=${load} />`;
}

/** @param {RecordForm} form @returns {RecordWords} */
function drafted({ record, follow_up: promised }) {
  return { ...record.written, follow: promised !== null, text: promised?.text ?? '', owner: promised?.owner ?? '', due: promised?.due ?? '', reason: '' };
}

/** @param {{form: RecordForm, onDone: () => void, onReload: () => void}} props */
function Form({ form, onDone, onReload }) {
  const { record } = form;
  const id = record.contact_id;
  const [words, setWords] = useState(() => keptWords(id) ?? drafted(form));
  const [busy, setBusy] = useState(false);
  const [clash, setClash] = useState(/** @type {import('./types.js').ContactRecord | null} */ (null));
  const box = useRef(/** @type {HTMLFormElement | null} */ (null));
  const asks = record.state === 'confirmed';
  const set = (/** @type {Partial<RecordWords>} */ some) => setWords((before) => {
    const now = { ...before, ...some };
    keepWords(id, now);
    return now;
  });
  useLayoutEffect(() => { // at once: Enter confirms from here on; digits choose the category
    const first = box.current?.querySelector('[data-first]');
    if (first instanceof HTMLElement) first.focus();
  }, []);

  /** @param {number} basedOn */
  const keep = async (basedOn) => {
    if (busy) return;
    const why = box.current?.querySelector('input[name=reason]');
    if (why instanceof HTMLInputElement && !words.reason.trim()) return why.focus();
    setBusy(true);
    const { follow, text, owner, due, ...wording } = words;
    try {
      const kept = await keepRecord(id, { based_on: basedOn, ...wording, follow_ups: follow && text.trim() ? [{ text: text.trim(), owner, due }] : [] });
      forgetWords(id);
      noteKept(kept);
      onDone();
      tell(say('record.confirmed'));
    } catch (fault) {
      setBusy(false);
      if (!(fault instanceof Fault)) throw fault;
      if (fault.code !== 'edited_meanwhile') return tell(fault.message);
      const { record: theirs } = await recordForm(id);
      if (theirs.by === 'minwon' && theirs.version === basedOn + 1) return keep(theirs.version); // the clock was quicker: nobody has read it
      setClash(theirs);
    }
    return undefined;
  };
  const keys = (/** @type {KeyboardEvent} */ event) => {
    if (event.key === 'Enter' && event.target instanceof HTMLInputElement && event.target.dataset.find) return event.preventDefault();
    if (event.key !== 'Enter' || event.isComposing || event.shiftKey || event.ctrlKey || event.altKey) return undefined;
    if (event.target instanceof HTMLButtonElement && !event.target.dataset.choice) return undefined; // a button does what it says
    event.preventDefault();
    keep(record.version);
    return undefined;
  };
  if (clash) return html`<${Clash} form=${form} mine=${words} theirs=${clash} onLeave=${() => { forgetWords(id); onReload(); }} />`;
  const ended = mine.value.state !== 'wrap_up' && record.state !== 'confirmed';
  return html`
    <form class="record-form" ref=${box} aria-label=${say('record.heading')} onKeyDown=${keys} onSubmit=${(/** @type {Event} */ event) => { event.preventDefault(); keep(record.version); }}>
      <p class="draft-note"><b>${say(`record.state.${record.state}`)}</b> ${say(asks ? 'record.note_again' : record.channel !== 'call' ? 'record.note_written' : ended ? 'record.note_ended' : 'record.note')}${' '}
        <span>${say('record.receipt')} <b>${inThrees(record.number)}</b></span></p>
      <${Chooser} name="category" first=${true} label=${say('record.category')} value=${words.category} guesses=${record.categories}
        options=${form.categories} show=${levels} other=${say('record.other')} onChange=${(/** @type {string} */ category) => set({ category })} />
      <${Chooser} name="result" label=${say('record.result')} value=${words.result} guesses=${record.results}
        options=${form.results.map((one) => one.code)} show=${(/** @type {string} */ code) => resultIn(form, code)} other=${say('record.other')} onChange=${(/** @type {string} */ result) => set({ result })} />
      <div class="record-pair">
        <${Suggest} name="department" label=${say('record.department')} value=${words.department} options=${form.departments} onChange=${(/** @type {string} */ department) => set({ department })} />
        <${Suggest} name="district" label=${say('record.district')} value=${words.district} options=${form.districts} onChange=${(/** @type {string} */ district) => set({ district })} />
      </div>
      <${Long} name="need" value=${words.need} onChange=${(/** @type {string} */ need) => set({ need })} />
      <${Long} name="answer" value=${words.answer} onChange=${(/** @type {string} */ answer) => set({ answer })} />
      <${Follow} form=${form} words=${words} set=${set} />
      ${asks && html`<label class="record-field"><span>${say('record.reason')}</span><input name="reason" type="text" maxlength="500" required value=${words.reason} onInput=${(/** @type {Event} */ event) => set({ reason: /** @type {HTMLInputElement} */ (event.target).value })} /></label>`}
      <${Known} form=${form} />
      <p class="send">
        <button class="main" disabled=${busy}>${say(asks ? 'record.save' : 'record.confirm')} <${Key}>Enter<//></button>
        <button type="button" class="quiet" onClick=${onDone}>${say('record.leave')} <${Key}>Esc<//></button>
        ${call.value?.draft.value && html`<button type="button" class="quiet" onClick=${() => call.value?.draft.value && copyDraft(call.value.draft.value)}>${say('draft.copy')}</button>`}
      </p>
    </form>`;
}

/** @param {string} path */
const levels = (path) => path.split('>').join(' › ');

/** @param {RecordForm} form @param {string} code */
const resultIn = (form, code) => form.results.find((one) => one.code === code)?.[language.value] ?? code;

/** @param {{name: 'need' | 'answer', value: string, onChange: (value: string) => void}} props */
function Long({ name, value, onChange }) {
  return html`
    <label class="record-field"><span>${say(`record.${name}`)}</span>
      <textarea name=${name} rows="2" maxlength="1000" value=${value} onInput=${(/** @type {Event} */ event) => onChange(/** @type {HTMLTextAreaElement} */ (event.target).value)}></textarea></label>`;
}

/** What is still to be done, with who and until when. @param {{form: RecordForm, words: RecordWords, set: (some: Partial<RecordWords>) => void}} props */
function Follow({ form, words, set }) {
  const typed = (/** @type {Event} */ event) => /** @type {HTMLInputElement | HTMLSelectElement} */ (event.target).value;
  const tomorrow = () => new Date(Date.now() + 86_400_000).toLocaleDateString('sv-SE');
  const begin = (/** @type {boolean} */ follow) => set({ follow, ...(follow && !words.owner && { owner: form.owners[0]?.id ?? '', due: tomorrow() }) });
  return html`
    <fieldset class="record-follow">
      <label class="check"><input type="checkbox" checked=${words.follow} onChange=${(/** @type {Event} */ event) => begin(/** @type {HTMLInputElement} */ (event.target).checked)} /> ${say('record.follow_up')}</label>
      ${words.follow && html`
        <input type="text" name="follow" maxlength="500" aria-label=${say('record.follow_up')} value=${words.text} onInput=${(/** @type {Event} */ event) => set({ text: typed(event) })} />
        <select aria-label=${say('record.owner')} value=${words.owner} onChange=${(/** @type {Event} */ event) => set({ owner: typed(event) })}>
          ${form.owners.map((one) => html`<option key=${one.id} value=${one.id}>${one.name}</option>`)}</select>
        <input type="date" aria-label=${say('record.due')} value=${words.due} onInput=${(/** @type {Event} */ event) => set({ due: typed(event) })} />`}
      ${form.follow_ups.length > 0 && html`<ul>${form.follow_ups.map((one) => html`<li key=${one.follow_up_id} class="soft">${one.callback_id ? say('record.callback') : one.text} · ${one.due}</li>`)}</ul>`}
    </fieldset>`;
}

/** What is known by itself: nobody is asked for it. @param {{form: RecordForm}} props */
function Known({ form: { record } }) {
  /** @type {[string, string][]} */
  const facts = [
    ['path', record.path.join(' › ')],
    ['cards', record.cards.map((card) => card.title).join(', ')],
    ['texts', record.texts.map((text) => say(`message.${text.state}`)).join(', ')],
    ['transfers', record.transfers.map((one) => `${one.name} ${say(`transfer.${one.state}`)}`).join(', ')],
    ['values', record.values.map((value) => `${say(`chips.${value.kind}`)} ${valueInWords(value)}`).join(', ')],
    ['forms', record.forms.map((one) => one.title).join(', ')],
  ];
  const known = facts.filter(([, text]) => text);
  return known.length > 0 && html`
    <details class="record-known"><summary>${say('record.known')}</summary>
      <dl>${known.map(([name, text]) => html`<dt key=${name}>${say(`record.${name}`)}</dt><dd>${text}</dd>`)}</dl></details>`;
}

/** Somebody else has confirmed it: what differs. @param {{form: RecordForm, mine: RecordWords, theirs: import('./types.js').ContactRecord, onLeave: () => void}} props */
function Clash({ form, mine: words, theirs, onLeave }) {
  const names = /** @type {const} */ (['category', 'result', 'department', 'district', 'need', 'answer']);
  const shown = (/** @type {string} */ name, /** @type {string} */ value) => (name === 'category' ? levels(value) : name === 'result' ? resultIn(form, value) : value) || say('record.empty');
  const who = form.owners.find((one) => one.id === theirs.by)?.name ?? theirs.by;
  const differing = names.filter((name) => words[name] !== theirs.written[name]);
  return html`
    <div class="record-clash" role="alert">
      <p><b>${say('record.clash', { name: who })}</b> ${differing.length === 0 && say('record.clash_same')}</p>
      <dl>${differing.map((name) => html`<dt key=${name}>${say(`record.${name}`)}</dt><dd>${shown(name, theirs.written[name])} <span class="soft">${say('record.mine', { text: shown(name, words[name]) })}</span></dd>`)}</dl>
      <p class="send"><button class="main" data-first onClick=${onLeave}>${say('record.see_theirs')}</button></p>
    </div>`;
}
