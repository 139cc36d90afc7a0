// One contact: its record, what was said, what was sent, its versions.
import { useState } from 'preact/hooks';
import { get, part, post } from 'desk/office/ask.js';
import { shown, useLoaded } from 'desk/office/loaded.js';
import { act, tell } from 'desk/office/notice.js';
import { Page } from 'desk/office/page.js';
import { moment, say } from 'desk/office/words.js';
import { clock, grouped, inThrees, timeOfDay } from 'desk/format.js';
import { LINK } from 'desk/marks.js';
import { html } from 'desk/view.js';
import { Lines } from './contacts.js';
import { FollowUps } from './follow_up_list.js';
import { Recordings } from './player/recordings.js';
import { ContactHold, toHold } from './rights/contact_hold.js';
import { Said, correctionsOf } from './said.js';
import { loadTerms, personName } from './terms.js';
import { VconButton } from './vcon.js';
import { FIELDS, Read, Write, inWords } from './wording.js';

/** @typedef {import('./types.js').ContactFile} ContactFile */
/** @typedef {import('./types.js').ContactRecord} ContactRecord */
/** @typedef {import('./types.js').Wording} Wording */

/** What fits beside another. */
const SHORT = new Set(['receipt', 'person', 'agent', 'at', 'times', 'language', 'rating', 'closed']);

/** @param {{id: string}} props */
export function ContactPage({ id }) {
  const [loaded, again, put] = useLoaded((signal) => get(`contacts/${part(id)}`, {}, signal), [id]);
  const title = loaded.kind === 'here' ? say('contact.title', { channel: say(`channel.${loaded.value.record.channel}`), at: moment(loaded.value.record.at) }) : say('nav.contacts');
  return html`
    <${Page} name="contact" title=${title} deeds=${html`
      <a class="button quiet" href="#/contacts">${say('contact.back')}</a>
      ${toHold()}
      <${VconButton} id=${id} />
      <button onClick=${() => print()}>${say('contacts.print')}</button>`}>
      ${shown(loaded, again, (file) => html`<${File} key=${file.record.version} file=${file} again=${again} put=${put} />`)}
    <//>`;
}

/** @param {{file: ContactFile, again: () => void, put: (file: ContactFile) => void}} props */
function File({ file, again, put }) {
  const { record } = file;
  const [played, setPlayed] = useState(/** @type {ReadonlySet<string>} */ (new Set()));
  const corrections = correctionsOf(file, (all) => put({ ...file, corrections: all }));
  return html`
    <div class="contact">
      <div class="contact-record">
        <${RecordBox} file=${file} again=${again} />
        <${FollowUps} list=${file.follow_ups} onChange=${again} quiet=${true} />
      </div>
      <div class="contact-said">
        ${record.channel === 'call' && html`<${Recordings} callId=${record.contact_id} corrections=${corrections} onWords=${setPlayed} />`}
        <${Said} file=${file} corrections=${corrections} played=${played} />
      </div>
      <div class="contact-rest">
        <${Course} file=${file} />
        <${Versions} file=${file} />
        <${ContactHold} record=${record} />
        ${file.earlier.length > 0 && html`
          <section class="earlier-contacts"><h2>${say('contact.same_person', { count: file.earlier.length })}</h2><${Lines} contacts=${file.earlier} /></section>`}
      </div>
    </div>
    <p class="printed soft">${say('contact.printed', { number: inThrees(record.number) })}</p>`;
}

/** @param {{file: ContactFile, again: () => void}} props */
function RecordBox({ file, again }) {
  const { record } = file;
  const [writes, setWrites] = useState(false);
  const [clash, setClash] = useState(/** @type {{mine: Wording, theirs: ContactRecord} | null} */ (null));
  const base = `contacts/${part(record.contact_id)}`;
  /** @param {Wording} written @param {string} reason */
  const keep = async (written, reason) => {
    try {
      const kept = await post(base, { based_on: record.version, ...written, reason });
      await loadTerms();
      const undo = record.state === 'confirmed' ? undefined : () => act(async () => { await post(`${base}/undo`, { based_on: kept.version }); await loadTerms(); again(); });
      tell(say('record.confirmed_done'), undo);
      again();
    } catch (trouble) {
      if (/** @type {{code?: string}} */ (trouble).code !== 'edited_meanwhile') return act(() => Promise.reject(trouble));
      const theirs = await act(() => get(base));
      if (theirs) setClash({ mine: written, theirs: theirs.record });
    }
    return undefined;
  };
  return html`
    <section class="report-box record-box" aria-label=${say('record.heading')}>
      <header>
        <h2>${say('record.heading')}</h2>
        <span class=${`badge of-${record.state}`}>${say(`state.${record.state}`)}</span>
        ${record.changed && html`<span class="soft">${say('record.by', { name: personName(record.by), at: moment(record.changed) })}</span>`}
        ${file.may_write && !writes && html`
          <span class="deeds">
            ${record.state !== 'confirmed' && record.state !== 'alone' && html`<button class="main" onClick=${() => keep(record.written, '')}>${say('record.confirm')}</button>`}
            <button onClick=${() => setWrites(true)}>${say('page.edit')}</button>
          </span>`}
      </header>
      ${clash && html`<${Clash} ...${clash} onTheirs=${again} onMine=${() => { setClash(null); again(); }} />`}
      ${writes && !clash ? html`<${Write} record=${record} onKeep=${keep} onLeave=${() => setWrites(false)} />` : !clash && html`<${Read} written=${record.written} />`}
    </section>`;
}

/** Somebody else was quicker: what differs. @param {{mine: Wording, theirs: ContactRecord, onTheirs: () => void}} props */
function Clash({ mine, theirs, onTheirs }) {
  const fields = FIELDS.filter((field) => mine[field] !== theirs.written[field]);
  return html`
    <div class="conflict" role="alert">
      <h3>${say('record.clash', { name: personName(theirs.by) })}</h3>
      ${fields.length === 0 ? html`<p>${say('record.clash_same')}</p>` : html`
        <table><thead><tr><th scope="col"></th><th scope="col">${say('record.theirs')}</th><th scope="col">${say('record.mine')}</th></tr></thead>
          <tbody>${fields.map((field) => html`<tr key=${field}><th scope="row">${say(`record.${field}`)}</th><td>${inWords(field, theirs.written[field])}</td><td>${inWords(field, mine[field])}</td></tr>`)}</tbody></table>`}
      <div class="deeds"><button class="main" onClick=${onTheirs}>${say('record.see_theirs')}</button></div>
    </div>`;
}

/** Who, when, how long, and what the contact went through. @param {{file: ContactFile}} props */
function Course({ file }) {
  const { record, number, events } = file;
  const rating = events.findLast((event) => event.type === 'RatingGiven');
  const given = events.filter((event) => event.type === 'ContactAssigned');
  const closed = events.findLast((event) => event.type === 'ContactClosed');
  const quality = events.filter((event) => event.type === 'QualityChanged' && event.final);
  /** @type {[string, any][]} */
  const facts = [
    ['receipt', inThrees(record.number)],
    ['person', number ? grouped(number) : say('contact.withheld')],
    ['agent', record.agent_name || say('contact.nobody')],
    ['at', html`<time>${moment(record.at)}</time>`],
    ['times', [record.wait_s > 0 && say('contact.wait', { time: clock(record.wait_s) }), record.talk_s > 0 && say('contact.talk', { time: clock(record.talk_s) }), say('contact.whole', { time: clock(record.duration_s) })].filter(Boolean).join(' · ')],
    ['path', record.path.join(' › ')],
    ['cards', record.cards.length > 0 && html`<ul>${record.cards.map((card) => html`<li key=${card.entry_id}><a href=${`/kb#/entries/${encodeURIComponent(card.entry_id)}`}>${card.title}</a></li>`)}</ul>`],
    ['texts', record.texts.length > 0 && html`<ul>${record.texts.map((text) => html`<li key=${text.message_id}><span class=${`badge of-text-${text.state}`}>${say(`text.${text.state}`)}</span> ${textOf(events, text.message_id)}</li>`)}</ul>`],
    ['transfers', record.transfers.length > 0 && html`<ul>${record.transfers.map((one, i) => html`<li key=${i}>${one.name} · ${say(`transfer.${one.state}`)}</li>`)}</ul>`],
    ['values', record.values.map((value) => value.value).join(', ')],
    ['forms', record.forms.length > 0 && record.forms.map((form, i) => html`
      <div key=${i}><b>${form.title}</b><dl class="form-values">${form.values.map((value) => html`<dt key=${value.field}>${value.label}</dt><dd>${value.hidden ? say('contact.hidden') : value.value}</dd>`)}</dl></div>`)],
    ['rating', rating && `${'★'.repeat(rating.score)}${'☆'.repeat(5 - rating.score)} ${rating.score}/5 · ${say(`contact.rated.${rating.way}`)}`],
    ['given', given.length > 0 && html`<ul>${given.map((one) => html`<li key=${one.seq}><time>${timeOfDay(one.at)}</time> ${one.agent_id ? personName(one.agent_id) || one.agent_name : say('contact.given.nobody')}${one.reason && ` · ${say(`contact.given.${one.reason}`)}`}</li>`)}</ul>`],
    ['closed', closed && `${say(`contact.closed.${closed.reason}`)} · ${closed.agent_id ? personName(closed.agent_id) : say('contact.closed_by_clock')} · ${timeOfDay(closed.at)}`],
    ['language', record.language !== 'ko' && record.language],
    ['quality', quality.length > 0 && quality.map((one) => `${say(`speaker.${one.speaker}`)} ${say(`grade.${one.grade}`)}${one.mos ? ` (MOS ${one.mos.toFixed(1)})` : ''}`).join(' · ')],
  ];
  return html`
    <section class="report-box">
      <h2>${say('contact.course')}</h2>
      <dl class="facts">${facts.filter(([, value]) => value).map(([name, value]) => html`<div key=${name} class=${SHORT.has(name) ? '' : 'wide'}><dt>${say(`contact.${name}`)}</dt><dd>${value}</dd></div>`)}</dl>
    </section>`;
}

/** @param {import('./types.js').ContactEvent[]} events @param {string} id */
const textOf = (events, id) => events.find((event) => event.type === 'MessageSent' && event.message_id === id)?.text.replace(LINK, say('contact.link')) ?? '';

/** @param {{file: ContactFile}} props */
function Versions({ file }) {
  const { versions } = file;
  if (versions.length === 0) return null;
  return html`
    <details class="report-box record-versions">
      <summary>${say('contact.versions', { count: versions.length })}</summary>
      <ol class="lines">
        ${versions.map((one, i) => {
          const before = versions[i + 1];
          const fields = before ? FIELDS.filter((field) => one.written[field] !== before.written[field]) : [];
          return html`
            <li key=${one.version}>
              <p><b>${say('contact.version', { version: one.version })}</b> <span class=${`badge of-${one.state}`}>${say(`state.${one.state}`)}</span> <span class="soft">${personName(one.by)} · ${moment(one.at)}</span></p>
              ${one.reason && html`<p class="soft">${say('record.reason')}: ${one.reason === 'undo' ? say('record.undone') : one.reason}</p>`}
              ${fields.map((field) => html`<p key=${field}>${say(`record.${field}`)}: <del>${inWords(field, before.written[field]) || say('record.empty')}</del> → <ins>${inWords(field, one.written[field]) || say('record.empty')}</ins></p>`)}
            </li>`;
        })}
      </ol>
    </details>`;
}

