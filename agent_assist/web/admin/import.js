// The import wizard: file -> columns -> rows looked at -> trial run -> run, with a report; and exports.
import { useEffect, useRef, useState } from 'preact/hooks';
import { loadStructure, nameOf } from './structure.js';
import { get, part, post, upload } from '../office/ask.js';
import { shown, useLoaded } from '../office/loaded.js';
import { act } from '../office/notice.js';
import { Field, Page, Select } from '../office/page.js';
import { figure, half, moment, say } from '../office/words.js';
import { html } from '../view.js';

/** @typedef {import('./types.js').Preview} Preview */
/** @typedef {import('./types.js').ImportRun} Run */
/** @typedef {{id: string, name: string, preview: Preview, fields: string[]}} Source */

const FIELDS = ['id', 'title', 'category', 'department', 'person', 'deputy', 'phone', 'hours', 'procedure', 'body', 'keywords', 'excludes', 'links', 'message', 'updated', 'expires', 'review_by', 'form'];
const ENCODINGS = ['', 'utf-8', 'cp949', 'utf-16'];
const ASK_MS = 400;

export function Import() {
  const [source, setSource] = useState(/** @type {Source | null} */ (null));
  const [run, setRun] = useState(/** @type {Run | null} */ (null));
  const [share, setShare] = useState(/** @type {number | null} */ (null));
  const [duplicates, setDuplicates] = useState('report');
  const [busy, setBusy] = useState(false);
  const take = async (/** @type {File | undefined} */ file) => {
    if (!file) return;
    setShare(0);
    setRun(null);
    const taken = await act(() => upload(`imports?name=${part(file.name)}`, file, setShare));
    setShare(null);
    if (taken) setSource({ id: taken.upload_id, name: taken.name, preview: taken.preview, fields: taken.preview.mapping.columns.map((/** @type {import('./types.js').Column} */ one) => one.field) });
  };
  /** @param {{fields?: string[], sheet?: string, encoding?: string}} change */
  const read = async (change) => {
    if (!source) return;
    const reading = { ...how(source), ...change };
    if (!change.fields) reading.fields = []; // another sheet has other columns
    setBusy(true);
    const preview = await act(() => post(`imports/${part(source.id)}/preview`, reading));
    setBusy(false);
    if (preview) setSource({ ...source, preview, fields: preview.mapping.columns.map((/** @type {import('./types.js').Column} */ one) => one.field) });
  };
  const start = async (/** @type {boolean} */ dry_run) => {
    if (!source) return;
    const started = await act(() => post(`imports/${part(source.id)}/start`, { ...how(source), duplicates, dry_run }));
    if (started) setRun(await get(`runs/${part(started.run_id)}`));
  };
  const again = () => { setSource(null); setRun(null); };
  const running = run?.state === 'running';
  return html`
    <${Page} name="import" deeds=${html`${['csv', 'xlsx', 'json'].map((format) => html`<a class="button" href=${`/kb/api/export?format=${format}`} download>${say('import.export', { format: format.toUpperCase() })}</a>`)}`}>
      ${!source && html`
        <label class="drop" onDragOver=${(/** @type {Event} */ event) => event.preventDefault()}
          onDrop=${(/** @type {DragEvent} */ event) => { event.preventDefault(); take(event.dataTransfer?.files[0]); }}>
          <b>${say('import.choose')}</b><span>${say('import.kinds')}</span>
          <span class="button main">${say('import.pick')}</span>
          <input type="file" id="file" class="heard-out" accept=".csv,.tsv,.txt,.xlsx,.json" disabled=${share !== null} onChange=${(/** @type {Event} */ event) => take(/** @type {HTMLInputElement} */ (event.target).files?.[0])} />
          ${share !== null && html`<progress value=${share < 1 ? share : undefined}></progress><span role="status">${say(share < 1 ? 'import.sending' : 'import.reading')}</span>`}
        </label>
        <${Jobs} />`}
      ${source && html`
        <ol class="walkthrough">
          <li>
            <h2>${say('import.file')}</h2>
            <p><b>${source.name}</b> · ${say('import.rows', { rows: figure(source.preview.total) })} <button class="quiet" disabled=${running} onClick=${again}>${say('import.other')}</button></p>
            <div class="filters">
              ${source.preview.sheets.length > 0 && html`<${Field} label=${say('import.sheet')}><${Select} value=${source.preview.sheet} disabled=${busy || running} options=${source.preview.sheets.map((value) => ({ value, label: value }))} onChange=${(/** @type {string} */ sheet) => read({ sheet })} /><//>`}
              ${source.preview.encoding && html`<${Field} label=${say('import.encoding')} hint=${say('import.found', { encoding: source.preview.encoding })}><${Select} value=${ENCODINGS.includes(source.preview.encoding) ? source.preview.encoding : ''} disabled=${busy || running} options=${ENCODINGS.map((value) => ({ value, label: value ? value.toUpperCase() : say('import.automatic') }))} onChange=${(/** @type {string} */ encoding) => read({ encoding })} /><//>`}
            </div>
            ${source.preview.remarks.map((remark) => html`<p class="remark">${half(remark)}</p>`)}
          </li>
          <li>
            <h2>${say('import.columns')}</h2>
            <div class="scrolls" tabindex="0" role="region" aria-label=${say('import.columns')}><table class="columns"><tbody>
              ${source.preview.mapping.columns.map((column, at) => html`
                <tr key=${at}><th scope="row">${column.name || say('import.column', { number: at + 1 })}</th>
                  <td><${Select} label=${column.name} value=${source.fields[at]} none=${say('import.not_used')} disabled=${busy || running} options=${FIELDS.map((value) => ({ value, label: say(`import.field.${value}`) }))}
                    onChange=${(/** @type {string} */ field) => read({ fields: source.fields.map((one, i) => (i === at ? field : one === field && field ? '' : one)) })} /></td>
                  <td class="soft">${column.field === '' ? '' : say(column.sure ? 'import.sure' : 'import.guessed')}</td></tr>`)}
            </tbody></table></div>
          </li>
          <li>
            <h2>${say('import.look')}</h2>
            <div class="scrolls" tabindex="0" role="region" aria-label=${say('import.look')}><table class="sample">
              <thead><tr><th scope="col" class="n">${say('import.line')}</th><th scope="col">${say('field.title')}</th><th scope="col">${say('field.category_id')}</th><th scope="col">${say('field.department_id')}</th><th scope="col">${say('field.body')}</th><th scope="col">${say('import.remarks')}</th></tr></thead>
              <tbody>${source.preview.rows.map((row) => html`
                <tr key=${row.line} class=${row.entry ? '' : 'rejected'}><td class="n">${row.line}</td>
                  <td>${row.entry?.title}</td><td>${row.entry?.category.split('>').join(' › ')}</td><td>${row.entry?.department}</td><td class="cut">${row.entry?.body.slice(0, 120)}</td>
                  <td>${row.rejected ? html`<strong class="wrong">${half(row.rejected)}</strong>` : row.remarks.map(half).join(' · ')}</td></tr>`)}</tbody>
            </table></div>
          </li>
          <li>
            <h2>${say('import.run')}</h2>
            <${Field} label=${say('import.duplicates')}><${Select} value=${duplicates} disabled=${running} options=${['report', 'skip', 'keep'].map((value) => ({ value, label: say(`import.duplicates_${value}`) }))} onChange=${setDuplicates} /><//>
            <div class="deeds"><button disabled=${busy || running} onClick=${() => start(true)}>${say('import.dry')}</button><button class="main" disabled=${busy || running} onClick=${() => start(false)}>${say('import.real')}</button></div>
            ${run && html`<${Progress} key=${run.run_id} first=${run} onRun=${setRun} onAgain=${() => start(false)} />`}
          </li>
        </ol>`}
    <//>`;
}

/** @param {Source} source */
const how = ({ preview, fields }) => ({ sheet: preview.sheet, encoding: preview.encoding, fields });

/** @param {{first: Run, onRun: (run: Run) => void, onAgain: () => void}} props */
function Progress({ first, onRun, onAgain }) {
  const [run, setRun] = useState(first);
  const last = useRef(first);
  useEffect(() => {
    /** @type {ReturnType<typeof setTimeout>} */
    let timer;
    const look = async () => {
      try {
        last.current = await get(`runs/${part(first.run_id)}`);
        setRun(last.current);
      } catch {
        // the server is asked again: the import goes on without us
      }
      if (last.current.state === 'running') timer = setTimeout(look, ASK_MS);
      else {
        onRun(last.current);
        loadStructure();
      }
    };
    look();
    return () => clearTimeout(timer);
  }, []);
  const { progress, state } = run;
  const of = { done: figure(progress?.done ?? 0), rows: figure(progress?.rows ?? 0) };
  return html`
    <div class="run">
      <progress max="1" value=${progress ? progress.done / Math.max(progress.rows, 1) : undefined} aria-label=${say('import.progress')}></progress>
      <p role="status">
        <b>${say(run.dry_run ? `import.dry_${state}` : `import.${state}`)}</b> ${progress && say('import.of', of)}
        ${state === 'running' && run.seconds_left !== null && html` · ${say('import.left', { seconds: Math.ceil(run.seconds_left) })}`}
        ${state !== 'running' && html` · ${say('import.took', { seconds: run.seconds })}`}
        ${progress && progress.resumed_at > 0 && html` · ${say('import.resumed', { rows: figure(progress.resumed_at) })}`}
      </p>
      ${progress && html`<p>${say('import.counts', { taken: figure(progress.taken), unchanged: figure(progress.unchanged), rejected: figure(progress.rejected), remarks: figure(progress.remarks) })}</p>`}
      ${run.problem && html`<p class="wrong" role="alert">${half(run.problem)}</p>`}
      <div class="deeds">
        ${state === 'running' && html`<button onClick=${() => act(() => post(`runs/${part(run.run_id)}/stop`))}>${say('import.stop')}</button>`}
        ${!run.dry_run && (state === 'stopped' || state === 'failed') && html`<button class="main" onClick=${onAgain}>${say('import.go_on')}</button>`}
      </div>
      ${state !== 'running' && html`<${Report} id=${run.run_id} />`}
    </div>`;
}

/** @param {{id: string}} props */
function Report({ id }) {
  const [report, again] = useLoaded((signal) => get(`runs/${part(id)}/report`, {}, signal), [id]);
  return shown(report, again, ({ report: { rejected, remarks, duplicates, ignored_columns: ignored }, ...counts }) => html`
    <div class="report">
      ${ignored.length > 0 && html`<p class="soft">${say('import.ignored', { names: ignored.join(', ') })}</p>`}
      ${(counts.rejected > 0 || counts.remarks > 0) && html`<a class="button" href=${`/kb/api/runs/${part(id)}/report.csv`} download>${say('import.csv')}</a>`}
      <${Notes} title=${say('import.rejected_rows')} notes=${rejected} all=${counts.rejected} />
      <${Notes} title=${say('import.remarked_rows')} notes=${remarks} all=${counts.remarks} />
      ${duplicates.length > 0 && html`
        <details><summary>${say('import.duplicate_rows')} <b>${figure(counts.duplicates)}</b></summary>
          <ul>${duplicates.map((/** @type {{line: number, entry_id: string, other_line: number, other_id: string, alike: number}} */ one) => html`
            <li>${say(one.other_line ? 'import.like_line' : 'import.like_entry', { line: one.line, other: one.other_line || one.other_id })} (${Math.round(one.alike * 100)} %) <a href=${`#/entries/${part(one.other_id)}`}>${one.other_id}</a></li>`)}</ul></details>`}
    </div>`);
}

/** @param {{title: string, notes: {line: number, reason: string}[], all: number}} props */
function Notes({ title, notes, all }) {
  return notes.length > 0 && html`
    <details><summary>${title} <b>${figure(all)}</b></summary>
      <ul>${notes.map((note) => html`<li>${say('import.at_line', { line: note.line })} ${half(note.reason)}</li>`)}</ul>
      ${all > notes.length && html`<p class="soft">${say('page.first', { shown: notes.length, all: figure(all) })}</p>`}
    </details>`;
}

/** Imports before this one; one that was broken off goes on with the same file. */
function Jobs() {
  const [jobs, again] = useLoaded((signal) => get('imports', {}, signal), []);
  return shown(jobs, again, (/** @type {{job_id: string, source: string, rows: number, done: number, taken: number, rejected: number, state: string, by: string, at: string}[]} */ list) => list.length > 0 && html`
    <h2>${say('import.before')}</h2>
    <ul class="lines">${list.map((job) => html`
      <li key=${job.job_id} class="record"><div><b>${job.source}</b> <span class="badge">${say(`import.job_${job.state}`)}</span>
        <p class="soft">${moment(job.at)} · ${nameOf(job.by)} · ${say('import.of', { done: figure(job.done), rows: figure(job.rows) })} · ${say('import.job_counts', { taken: figure(job.taken), rejected: figure(job.rejected) })}</p>
        ${job.state !== 'done' && html`<p>${say('import.job_go_on')}</p>`}</div></li>`)}</ul>`);
}
