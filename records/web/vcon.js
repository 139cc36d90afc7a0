// A contact leaves the house as a vCon: what stands in it, and why; the reason is noted before a byte is sent.
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { part } from 'desk/office/ask.js';
import { may } from 'desk/office/me.js';
import { act } from 'desk/office/notice.js';
import { Field, Select, typed } from 'desk/office/page.js';
import { say } from 'desk/office/words.js';
import { html } from 'desk/view.js';
import { saveFile } from './file.js';

const RECORDINGS = ['none', 'reference', 'inline'];

/** The button, for those who may. @param {{id: string}} props */
export function VconButton({ id }) {
  const [open, setOpen] = useState(false);
  if (!may('supervisor')) return null;
  return html`
    <button onClick=${() => setOpen(true)}>${say('vcon.export')}</button>
    ${open && html`<${Dialog} id=${id} onDone=${() => setOpen(false)} />`}`;
}

/** @param {{id: string, onDone: () => void}} props */
function Dialog({ id, onDone }) {
  const box = useRef(/** @type {HTMLDialogElement | null} */ (null));
  const [wish, setWish] = useState({ reason: '', recording: 'none', numbers: false, signed: true });
  const [busy, setBusy] = useState(false);
  useLayoutEffect(() => { box.current?.showModal(); }, []);
  const set = (/** @type {Partial<typeof wish>} */ change) => setWish({ ...wish, ...change });
  const save = async (/** @type {Event} */ event) => {
    event.preventDefault();
    setBusy(true);
    const done = await act(() => saveFile(`contacts/${part(id)}/vcon`, wish).then(() => true), say('vcon.done'));
    setBusy(false);
    if (done) onDone();
  };
  /** @param {'numbers' | 'signed'} name */
  const check = (name) => html`
    <label class="check"><input type="checkbox" checked=${wish[name]} onChange=${() => set({ [name]: !wish[name] })} /> ${say(`vcon.${name}`)}</label>`;
  return html`
    <dialog class="dialog of-vcon" ref=${box} aria-labelledby="vcon-title" onCancel=${onDone}>
      <form onSubmit=${save}>
        <h2 id="vcon-title">${say('vcon.title')}</h2>
        <p>${say('vcon.text')}</p>
        <${Field} label=${say('vcon.reason')}><input type="text" required minlength="2" maxlength="300" autofocus value=${wish.reason} onInput=${(/** @type {Event} */ event) => set({ reason: typed(event) })} /><//>
        <${Field} label=${say('vcon.recording')}><${Select} value=${wish.recording} options=${RECORDINGS.map((value) => ({ value, label: say(`vcon.recording.${value}`) }))} onChange=${(/** @type {string} */ recording) => set({ recording })} /><//>
        <div class="checks">${check('numbers')}${check('signed')}</div>
        <div class="deeds">
          <button type="button" onClick=${onDone}>${say('page.cancel')}</button>
          <button class="main" disabled=${busy || wish.reason.trim().length < 2}>${say(busy ? 'vcon.busy' : 'vcon.save')}</button>
        </div>
      </form>
    </dialog>`;
}
