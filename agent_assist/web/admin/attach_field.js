// Links and files of an entry.
import { useState } from 'preact/hooks';
import { part, upload } from '../office/ask.js';
import { act } from '../office/notice.js';
import { typed } from '../office/page.js';
import { say } from '../office/words.js';
import { html } from '../view.js';

/** @typedef {import('./types.js').Reference} Reference */
/** @typedef {import('./types.js').Attachment} Attachment */

const LARGEST = 20 * 2 ** 20;
/** As agent_assist/knowledge/file_kinds.py takes them. */
const KINDS = '.pdf,.hwp,.hwpx,.docx,.xlsx,.png,.jpg,.jpeg,.txt,.csv';

/** @param {{value: Reference[], onChange: (value: Reference[]) => void, disabled: boolean}} props */
export function Links({ value, onChange, disabled }) {
  const set = (/** @type {number} */ at, /** @type {Partial<Reference>} */ change) => onChange(value.map((one, i) => (i === at ? { ...one, ...change } : one)));
  return html`
    <fieldset class="wide" disabled=${disabled}>
      <legend>${say('field.links')}</legend>
      ${value.map((link, i) => html`
        <div class="pair" key=${i}>
          <input type="text" aria-label=${say('editor.link_title')} placeholder=${say('editor.link_title')} value=${link.title} onInput=${(/** @type {Event} */ event) => set(i, { title: typed(event) })} />
          <input type="url" aria-label=${say('editor.link_url')} placeholder="https://" value=${link.url} onInput=${(/** @type {Event} */ event) => set(i, { url: typed(event).trim() })} />
          <button type="button" class="quiet" onClick=${() => onChange(value.filter((_, at) => at !== i))}>${say('page.remove')}</button>
        </div>`)}
      <button type="button" class="quiet" onClick=${() => onChange([...value, { title: '', url: '' }])}>+ ${say('editor.add_link')}</button>
    </fieldset>`;
}

/** @param {{value: Attachment[], onChange: (value: Attachment[]) => void, disabled: boolean}} props */
export function Files({ value, onChange, disabled }) {
  const [share, setShare] = useState(/** @type {number | null} */ (null));
  const add = async (/** @type {Event} */ event) => {
    const input = /** @type {HTMLInputElement} */ (event.target);
    let found = value;
    for (const file of input.files ?? []) {
      const attached = await act(async () => {
        if (file.size > LARGEST) throw new Error(say('editor.too_large', { name: file.name }));
        return upload(`attachments?name=${part(file.name)}`, file, setShare);
      });
      if (attached && !found.some((one) => one.id === attached.id)) found = [...found, attached];
    }
    setShare(null);
    input.value = '';
    onChange(found);
  };
  return html`
    <fieldset class="wide" disabled=${disabled || share !== null}>
      <legend>${say('field.attachments')}</legend>
      ${value.map((file) => html`
        <div class="pair" key=${file.id}>
          <a href=${`/kb/api/attachments/${part(file.id)}?name=${part(file.name)}`} download=${file.name}>${file.name}</a>
          <span class="soft">${size(file.size)}</span>
          <button type="button" class="quiet" onClick=${() => onChange(value.filter((one) => one.id !== file.id))}>${say('page.remove')}</button>
        </div>`)}
      ${share !== null && html`<progress value=${share}></progress>`}
      <label class="file"><span>${say('editor.add_file')}</span><input type="file" multiple accept=${KINDS} onChange=${add} /></label>
    </fieldset>`;
}

/** @param {number} bytes */
export function size(bytes) {
  return bytes < 2 ** 20 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 2 ** 20).toFixed(1)} MB`;
}
