// What was said and written in a contact, as it was heard; what somebody has corrected stands above what was heard.
// Sentences that the player shows are left to it, and stand here on paper alone.
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

/**
 * What is corrected in a contact, and how one corrects it.
 * @typedef {{may: boolean, of: ReadonlyMap<string, Correction>, correct: (utterance: string, text: string) => Promise<void>, review: (utterance: string) => Promise<void>}} Corrections
 */

/** @param {import('./types.js').ContactFile} file @param {(corrections: Correction[]) => void} onCorrected @returns {Corrections} */
export function correctionsOf(file, onCorrected) {
  const base = `contacts/${part(file.record.contact_id)}/corrections`;
  return {
    may: file.may_write,
    of: new Map(file.corrections.map((one) => [one.utterance, one])),
    correct: async (utterance, text) => {
      const all = await act(() => post(base, { utterance, text }), say('said.corrected'));
      if (all) onCorrected(all);
    },
    review: async (utterance) => {
      const all = await act(() => post(`${base}/reviewed`, { utterance }), say('said.reviewed_done'));
      if (all) onCorrected(all);
    },
  };
}

/** @param {{file: import('./types.js').ContactFile, corrections: Corrections, played: ReadonlySet<string>}} props played: utterances that the player shows */
export function Said({ file, corrections, played }) {
  const [edits, setEdits] = useState('');
  const lines = file.events.filter((event) => event.type === 'TranscriptFinal' || event.type === 'TextReceived' || (event.type === 'MessageSent' && event.by && event.state === 'queued'));
  const isPlayed = (/** @type {ContactEvent} */ line) => (line.type === 'TranscriptFinal' ? played.has(line.utterance) : played.size > 0 && line.type === 'MessageSent');
  const correct = async (/** @type {string} */ utterance, /** @type {string} */ text) => {
    await corrections.correct(utterance, text);
    setEdits('');
  };
  return html`
    <section class=${`report-box${lines.length > 0 && lines.every(isPlayed) ? ' on-paper' : ''}`} aria-label=${say('said.heading')}>
      <header><h2>${say('said.heading')}</h2>${file.may_write && lines.some((line) => line.type === 'TranscriptFinal') && html`<span class="soft">${say('said.hint')} <${Key}>Enter<//></span>`}</header>
      ${lines.length === 0 ? html`<${Empty} title=${say('said.none')} />` : html`
        <ol class="said-lines" onKeyDown=${edits ? undefined : walk}>
          ${lines.map((line) => html`
            <${Line} key=${`${line.type}-${line.seq}`} line=${line} correction=${corrections.of.get(line.utterance)} onPaper=${isPlayed(line)} may=${file.may_write && line.type === 'TranscriptFinal'}
              edits=${edits !== '' && edits === line.utterance} onEdit=${setEdits} onCorrect=${correct} onReview=${corrections.review} />`)}
        </ol>`}
    </section>`;
}

/** @param {{line: ContactEvent, correction?: Correction, onPaper: boolean, may: boolean, edits: boolean, onEdit: (utterance: string) => void, onCorrect: (utterance: string, text: string) => void, onReview: (utterance: string) => void}} props */
function Line({ line, correction, onPaper, may: mayEdit, edits, onEdit, onCorrect, onReview }) {
  const who = line.type === 'TextReceived' ? 'caller' : line.type === 'MessageSent' ? 'agent' : line.speaker;
  const at = line.type === 'TranscriptFinal' ? clock(line.start) : timeOfDay(line.at);
  const text = correction?.text ?? line.text;
  return html`
    <li class=${`of-${who}${correction ? ' corrected' : ''}${onPaper ? ' on-paper' : ''}`}>
      <span class="who">${say(`speaker.${who}`)} <time>${at}</time></span>
      ${edits ? html`<${Edit} text=${text} heard=${line.text} onDone=${(/** @type {string} */ wanted) => onCorrect(line.utterance, wanted)} onLeave=${() => onEdit('')} />`
        : mayEdit ? html`<button class="text" data-stop onClick=${() => onEdit(line.utterance)}>${text}</button>`
        : html`<span class="text">${text}</span>`}
      ${line.photos?.length > 0 && html`<span class="photos">${line.photos.map((/** @type {string} */ id, /** @type {number} */ i) => html`<a key=${id} href=${`/desk/api/photos/${part(id)}`} target="_blank" rel="noreferrer">${say('said.photo', { number: i + 1 })}</a> `)}</span>`}
      ${correction && !edits && html`<${Heard} correction=${correction} onReview=${onReview} />`}
    </li>`;
}

/** What was heard, where somebody has corrected it. @param {{correction: Correction, onReview: (utterance: string) => void}} props */
export function Heard({ correction, onReview }) {
  return html`
    <span class="heard soft">${say('said.heard')}: <del>${correction.original}</del> · ${personName(correction.by)}
      ${correction.reviewed_by ? html` · ${say('said.reviewed', { name: personName(correction.reviewed_by) })}`
        : may('supervisor') && html` <button class="quiet" onClick=${() => onReview(correction.utterance)}>${say('said.review')}</button>`}</span>`;
}

/** @param {{text: string, heard: string, onDone: (text: string) => void, onLeave: () => void}} props */
export function Edit({ text, heard, onDone, onLeave }) {
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
