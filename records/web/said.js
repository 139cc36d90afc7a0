// What was said and written in a contact, as it was heard; what somebody has corrected stands above what was heard.
import { useState } from 'preact/hooks';
import { part, post } from 'desk/office/ask.js';
import { may } from 'desk/office/me.js';
import { act } from 'desk/office/notice.js';
import { typed, walk } from 'desk/office/page.js';
import { say } from 'desk/office/words.js';
import { clock, timeOfDay } from 'desk/format.js';
import { Empty, Key, html } from 'desk/view.js';
import { personName } from './terms.js';

/** @typedef {import('./types.js').ContactEvent} ContactEvent */
/** @typedef {import('./types.js').Correction} Correction */

/** @param {{file: import('./types.js').ContactFile, onCorrected: (corrections: Correction[]) => void}} props */
export function Said({ file, onCorrected }) {
  const [edits, setEdits] = useState('');
  const lines = file.events.filter((event) => event.type === 'TranscriptFinal' || event.type === 'TextReceived' || (event.type === 'MessageSent' && event.by && event.state === 'queued'));
  const corrected = new Map(file.corrections.map((one) => [one.utterance, one]));
  const base = `contacts/${part(file.record.contact_id)}/corrections`;
  /** @param {string} utterance @param {string} text */
  const correct = async (utterance, text) => {
    const all = await act(() => post(base, { utterance, text }), say('said.corrected'));
    if (all) onCorrected(all);
    setEdits('');
  };
  /** @param {string} utterance */
  const review = async (utterance) => {
    const all = await act(() => post(`${base}/reviewed`, { utterance }), say('said.reviewed_done'));
    if (all) onCorrected(all);
  };
  return html`
    <section class="report-box" aria-label=${say('said.heading')}>
      <header><h2>${say('said.heading')}</h2>${file.may_write && lines.length > 0 && html`<span class="soft">${say('said.hint')} <${Key}>Enter<//></span>`}</header>
      ${lines.length === 0 ? html`<${Empty} title=${say('said.none')} />` : html`
        <ol class="said-lines" onKeyDown=${edits ? undefined : walk}>
          ${lines.map((line) => html`
            <${Line} key=${`${line.type}-${line.seq}`} line=${line} correction=${corrected.get(line.utterance)} may=${file.may_write && line.type === 'TranscriptFinal'}
              edits=${edits !== '' && edits === line.utterance} onEdit=${setEdits} onCorrect=${correct} onReview=${review} />`)}
        </ol>`}
    </section>`;
}

/** @param {{line: ContactEvent, correction?: Correction, may: boolean, edits: boolean, onEdit: (utterance: string) => void, onCorrect: (utterance: string, text: string) => void, onReview: (utterance: string) => void}} props */
function Line({ line, correction, may: mayEdit, edits, onEdit, onCorrect, onReview }) {
  const who = line.type === 'TextReceived' ? 'caller' : line.type === 'MessageSent' ? 'agent' : line.speaker;
  const at = line.type === 'TranscriptFinal' ? clock(line.start) : timeOfDay(line.at);
  const text = correction?.text ?? line.text;
  return html`
    <li class=${`of-${who}${correction ? ' corrected' : ''}`}>
      <span class="who">${say(`speaker.${who}`)} <time>${at}</time></span>
      ${edits ? html`<${Edit} text=${text} heard=${line.text} onDone=${(/** @type {string} */ wanted) => onCorrect(line.utterance, wanted)} onLeave=${() => onEdit('')} />`
        : mayEdit ? html`<button class="text" data-stop onClick=${() => onEdit(line.utterance)}>${text}</button>`
        : html`<span class="text">${text}</span>`}
      ${correction && !edits && html`
        <span class="heard soft">${say('said.heard')}: <del>${correction.original}</del> · ${personName(correction.by)}
          ${correction.reviewed_by ? html` · ${say('said.reviewed', { name: personName(correction.reviewed_by) })}`
            : may('supervisor') && html` <button class="quiet" onClick=${() => onReview(line.utterance)}>${say('said.review')}</button>`}</span>`}
    </li>`;
}

/** @param {{text: string, heard: string, onDone: (text: string) => void, onLeave: () => void}} props */
function Edit({ text, heard, onDone, onLeave }) {
  const [now, setNow] = useState(text);
  const keys = (/** @type {KeyboardEvent} */ event) => {
    if (event.isComposing) return;
    if (event.key === 'Escape') onLeave();
    else if (event.key === 'Enter') {
      event.preventDefault();
      onDone(now);
    }
  };
  return html`
    <span class="edit">
      <input type="text" maxlength="1000" value=${now} aria-label=${say('said.edit')} ref=${(/** @type {HTMLInputElement | null} */ box) => box && document.activeElement !== box && box.focus()}
        onInput=${(/** @type {Event} */ event) => setNow(typed(event))} onKeyDown=${keys} />
      <button class="main" onClick=${() => onDone(now)}>${say('page.save')} <${Key}>Enter<//></button>
      ${now !== heard && html`<button onClick=${() => onDone('')}>${say('said.as_heard')}</button>`}
      <button class="quiet" onClick=${onLeave}>${say('page.cancel')} <${Key}>Esc<//></button>
    </span>`;
}
