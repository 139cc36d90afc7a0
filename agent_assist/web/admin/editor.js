// One entry: what it says, what may be done to it. Nothing typed is lost: it is kept in the browser, leaving is asked
// about, and when somebody else has saved meanwhile both texts are merged.
import { useEffect, useRef, useState } from 'preact/hooks';
import { ConflictView } from './conflict.js';
import { State } from './entries.js';
import { EMPTY, Fields } from './fields.js';
import { forget, keep, kept, same } from './kept.js';
import { conflicts } from './markers.js';
import { Preview } from './preview.js';
import { takeSeed } from './seed.js';
import { TaskLine } from './tasks.js';
import { Versions } from './versions.js';
import { get, part, post } from '../office/ask.js';
import { confirm } from '../office/confirm.js';
import { go, guard, unguard } from '../office/leaving.js';
import { shown, useLoaded } from '../office/loaded.js';
import { may, me } from '../office/me.js';
import { act, tell } from '../office/notice.js';
import { Page, typed } from '../office/page.js';
import { moment, say } from '../office/words.js';
import { Key, html } from '../view.js';

/** @typedef {import('./types.js').Content} Content */
/** @typedef {{opened: import('./types.js').Opened, entry: import('./types.js').Entry, nodes: import('../types.js').Node[], tasks: import('./types.js').Task[]}} EntryFile */

const PAUSE_MS = 400;

/** @param {{id: string, tab: string}} props id: 'new' = a new one */
export function EntryPage({ id, tab }) {
  const [file, again] = useLoaded(async (signal) => (id === 'new' ? null : get(`entries/${part(id)}`, {}, signal)), [id]);
  if (file.kind !== 'here') return html`<${Page} name="entry" title=${say('nav.entries')}>${shown(file, again, () => null)}<//>`;
  return html`<${Editor} key=${`${id}-${file.value?.opened.version.version ?? 0}`} id=${id} file=${file.value} tab=${tab} again=${again} />`;
}

/** @param {{id: string, file: EntryFile | null, tab: string, again: () => void}} props */
function Editor({ id, file, tab, again }) {
  const opened = file?.opened;
  const [base, setBase] = useState(opened?.version.version ?? 0);
  const [saved, setSaved] = useState(opened?.content ?? EMPTY); // as it is on the server
  const [content, setContent] = useState(() => (file ? saved : { ...EMPTY, department_id: may('editor') ? '' : me.value.department_id, ...takeSeed() }));
  const [why, setWhy] = useState('');
  const [merge, setMerge] = useState(/** @type {import('./types.js').Merge | null} */ (null));
  const [wrong, setWrong] = useState(/** @type {import('./fields.js').Wrong[]} */ ([]));
  const [older, setOlder] = useState(() => kept(me.value.id, id));
  const [busy, setBusy] = useState(false);
  const [reporting, setReporting] = useState(false);
  const changed = !same(content, saved);
  const writes = opened ? opened.steps.includes('save') : may('editor', 'owner');
  const undecided = conflicts(content.body).length + conflicts(content.message).length;
  const now = useRef({ changed });
  now.current = { changed };

  useEffect(() => {
    guard(() => now.current.changed);
    return unguard;
  }, []);
  useEffect(() => {
    if (!changed) return undefined;
    const timer = setTimeout(() => keep(me.value.id, id, { content, based_on: base, why }), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [content, why, changed]);

  /** @param {Partial<Content>} change */
  const change = (change) => {
    setContent((before) => ({ ...before, ...change }));
    setWrong((before) => before.filter((one) => !(one.field in change)));
  };

  /** Saves; the new version's number, or null when it did not go. */
  const save = async () => {
    setBusy(true);
    try {
      if (id === 'new') {
        const version = await post('entries', { content, why });
        forget(me.value.id, id);
        tell(say('editor.created'));
        go(`#/entries/${part(version.entry_id)}`);
        return null;
      }
      const { version, changed: differs } = await post(`entries/${part(id)}`, { content, based_on: base, why });
      forget(me.value.id, id);
      tell(say(differs ? 'editor.saved' : 'editor.not_changed', { version: version.version }));
      return version.version;
    } catch (trouble) {
      const { code, more } = /** @type {import('../office/ask.js').Fault} */ (trouble);
      if (code === 'edited_meanwhile' && more?.merge) {
        setMerge(more.merge);
        setSaved(contentOf(more.merge.newest));
        setContent(more.merge.merged);
        setBase(more.merge.newest.version);
        document.getElementById('main')?.scrollTo({ top: 0 });
      } else {
        setWrong(more?.faults ?? []);
        await act(() => Promise.reject(trouble));
      }
      return null;
    } finally {
      setBusy(false);
    }
  };
  const saveAlone = async () => {
    if ((await save()) !== null) {
      unguard();
      again();
    }
  };

  const key = useRef(saveAlone); // the newest words, not those of when the key was bound
  key.current = async () => { if (changed && writes && !busy && !undecided) await saveAlone(); };
  useEffect(() => {
    const pressed = (/** @type {KeyboardEvent} */ event) => {
      if (!(event.ctrlKey || event.metaKey) || event.code !== 'KeyS') return;
      event.preventDefault();
      key.current();
    };
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  }, []);

  /** @param {import('./types.js').Step} step */
  const take = async (step) => {
    const asks = QUESTIONS[step];
    const answer = asks ? await confirm({ title: say(`step.${step}_title`), text: say(`step.${step}_text`), yes: say(`step.${step}`), danger: asks.danger, write: { label: say('editor.why'), needed: asks.why } }) : why;
    if (answer === null) return;
    const number = changed ? await save() : base;
    if (number === null) return;
    const version = await act(() => post(`entries/${part(id)}/step`, { step, based_on: number, why: answer }), say(`step.${step}_done`),
      UNDONE.has(step) ? async (made) => {
        await post(`entries/${part(id)}/restore`, { version: number, based_on: made.version });
        again();
      } : undefined);
    unguard();
    if (version || number !== base) again();
  };

  const keys = opened?.steps.filter((step) => step !== 'save' && step !== 'restore') ?? [];
  const history = tab === 'history';
  return html`
    <${Page} name="entry" title=${content.title || say('editor.untitled')} deeds=${html`
      ${writes && !history && html`
        <label class="why"><span class="heard-out">${say('editor.why')}</span><input type="text" maxlength="500" placeholder=${say('editor.why')} value=${why} onInput=${(/** @type {Event} */ event) => setWhy(typed(event))} /></label>
        <button class="main" disabled=${busy || !changed || undecided > 0} onClick=${saveAlone}>${say(id === 'new' ? 'editor.create' : 'editor.save')} <${Key}>Ctrl S<//></button>`}
      ${!history && keys.map((step) => html`<button key=${step} class=${step === 'delete' ? 'danger-quiet' : ''} disabled=${busy || undecided > 0} onClick=${() => take(step)}>${say(changed && step !== 'delete' && step !== 'withdraw' ? `step.save_${step}` : `step.${step}`)}</button>`)}`}>
      ${opened && html`
        <div class="entry-head">
          <a href="#/entries">← ${say('nav.entries')}</a>
          <${State} state=${opened.version.state} published=${opened.published} version=${opened.version.version} />
          <span class="soft">${say('editor.number', { id })}</span>
          <nav class="tabs" aria-label=${say('editor.tabs')}>
            <a href=${`#/entries/${part(id)}`} aria-current=${history ? undefined : 'page'}>${say(writes ? 'editor.write' : 'editor.read')}</a>
            <a href=${`#/entries/${part(id)}/history`} aria-current=${history ? 'page' : undefined}>${say('editor.history')}</a>
          </nav>
          ${!writes && html`<button class="quiet" onClick=${() => setReporting(true)}>${say('editor.report')}</button>`}
        </div>`}
      ${reporting && html`<${Report} id=${id} version=${base} onDone=${() => setReporting(false)} />`}
      ${history ? html`<${Versions} id=${id} newest=${base} may=${opened?.steps.includes('restore') ?? false} onRestored=${again} />` : html`
        ${older && !same(older.content, content) && writes && html`
          <div class="band" role="status">
            <p>${say('editor.kept', { when: moment(older.at) })}</p>
            <button onClick=${() => { setContent({ ...EMPTY, ...older.content }); setWhy(older.why); if (older.based_on) setBase(older.based_on); setOlder(null); }}>${say('editor.take_kept')}</button>
            <button class="quiet" onClick=${() => { forget(me.value.id, id); setOlder(null); }}>${say('editor.drop_kept')}</button>
          </div>`}
        ${merge && html`<${ConflictView} merge=${merge} content=${content} onChange=${change} />`}
        ${file && file.tasks.length > 0 && html`<ul class="lines of-tasks">${file.tasks.map((task) => html`<${TaskLine} key=${task.task_id} task=${task} title="" onChanged=${again} />`)}</ul>`}
        <div class=${writes ? 'editor' : 'editor reading'}>
          ${writes && html`<${Fields} content=${content} onChange=${change} disabled=${busy} wrong=${wrong} />`}
          <${Preview} content=${content} nodes=${file?.nodes ?? []} />
        </div>`}
    <//>`;
}

/** Steps that are asked about first. @type {Partial<Record<import('./types.js').Step, {danger?: boolean, why?: boolean}>>} */
const QUESTIONS = { delete: { danger: true }, withdraw: { danger: true }, send_back: { why: true } };
/** Steps that can be taken back by restoring what was before. */
const UNDONE = new Set(['delete', 'withdraw']);

/** @param {import('./types.js').EntryVersion} version @returns {Content} */
function contentOf(version) {
  const fields = /** @type {(keyof Content)[]} */ (Object.keys(EMPTY));
  return /** @type {Content} */ (Object.fromEntries(fields.map((name) => [name, version[name]])));
}

/** @param {{id: string, version: number, onDone: () => void}} props */
function Report({ id, version, onDone }) {
  const [note, setNote] = useState('');
  const send = async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (await act(() => post(`entries/${part(id)}/report`, { note, version }), say('editor.reported'))) onDone();
  };
  return html`
    <form class="band" onSubmit=${send}>
      <label class="field wide"><span>${say('editor.report_what')}</span><textarea rows="2" maxlength="1000" value=${note} onInput=${(/** @type {Event} */ event) => setNote(typed(event))}></textarea></label>
      <button class="main" disabled=${!note.trim()}>${say('editor.report_send')}</button>
      <button type="button" class="quiet" onClick=${onDone}>${say('page.cancel')}</button>
    </form>`;
}
