/* Forms: what is being written survives a reload and lost coverage; pictures are sent at once, with their progress. */

import { announce, say } from './draw.js';

/** What this tab remembers; null where the browser forbids it. */
export const kept = (() => { try { return sessionStorage; } catch { return null; } })();

const place = () => `minwon:${location.pathname}:${document.getElementById('main')?.dataset.number}`;

/** @param {HTMLFormElement} form the values as the node wants them: by field, of ours nothing, of files nothing */
export function values(form) {
  /** @type {Record<string, string>} */
  const found = {};
  for (const [name, value] of new FormData(form)) if (!name.startsWith('_') && typeof value === 'string') found[name] = value;
  return found;
}

/** Keep what is written, without secrets. */
export function keep() {
  const form = /** @type {HTMLFormElement | null} */ (document.getElementById('form'));
  if (!form) return;
  const found = values(form);
  for (const input of form.querySelectorAll('[data-secret]')) delete found[/** @type {HTMLInputElement} */ (input).name];
  try {
    kept?.setItem(place(), JSON.stringify(found));
  } catch { /* full: the form works without */ }
}

/** It was sent, or is another form: forget what was kept. */
export function forget() {
  for (const name of Object.keys(kept ?? {})) if (name.startsWith('minwon:') && name !== place()) kept?.removeItem(name);
}

/** After a reload: what was written and not sent is there again; what the node knows counts more. */
export function restore() {
  const form = /** @type {HTMLFormElement | null} */ (document.getElementById('form'));
  const draft = kept?.getItem(place());
  if (!form || !draft) return;
  for (const [name, value] of Object.entries(JSON.parse(draft))) {
    for (const input of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
      if (input instanceof HTMLTextAreaElement) input.value ||= value;
      else if (!(input instanceof HTMLInputElement)) continue;
      else if (input.type === 'radio' || input.type === 'checkbox') input.checked ||= input.value === value;
      else if (input.type !== 'file') input.value ||= value;
    }
  }
}

/** A picture was chosen: send it. @param {HTMLInputElement} input @param {string} base */
export function photo(input, base) {
  const field = /** @type {HTMLElement} */ (input.closest('[data-field]'));
  const file = input.files?.[0];
  if (!field || !file) return;
  const seen = /** @type {HTMLElement} */ (field.querySelector('[data-seen]'));
  const words = document.createElement('p'), bar = document.createElement('progress');
  words.setAttribute('role', 'status');
  bar.max = 100;
  seen.replaceChildren(words, bar);
  const show = (/** @type {string} */ text, bad = false) => { words.textContent = text; words.className = bad ? 'error' : ''; };
  input.value = '';  // the same picture may be chosen again
  if (file.size > 10 * 1024 * 1024) { bar.remove(); show(say('photo.too_large'), true); return; }
  const where = /** @type {HTMLInputElement} */ (field.querySelector('[data-place]')).checked;
  const request = new XMLHttpRequest();  // fetch cannot tell how far an upload is
  request.open('POST', `${base}/photo?field=${encodeURIComponent(field.dataset.field ?? '')}${where ? '&place=1' : ''}`);
  request.setRequestHeader('Accept', 'application/json');
  request.setRequestHeader('Content-Type', file.type || 'application/octet-stream');
  request.upload.onprogress = event => {
    bar.value = 100 * event.loaded / event.total;
    words.textContent = say('photo.sending', { percent: Math.floor(bar.value) });
  };
  request.onerror = request.onabort = () => { bar.remove(); show(say('photo.failed'), true); };
  request.onload = () => {
    bar.remove();
    let answer;
    try { [answer] = JSON.parse(request.responseText); } catch { answer = {}; }
    if (answer.type !== 'Photo') { show(answer.text ?? say('photo.failed'), true); return; }
    const hidden = /** @type {HTMLInputElement} */ (field.querySelector('input[type=hidden]'));
    hidden.value = answer.photo_id;
    show('✓ ' + say('photo.received'));
    void preview(file, seen);
    keep();
  };
  show(say('photo.sending', { percent: 0 }));
  announce(say('photo.sending', { percent: 0 }));
  request.send(file);
}

/** Drawn here, so nothing has to come back for it. @param {File} file @param {HTMLElement} seen */
async function preview(file, seen) {
  try {
    const picture = await createImageBitmap(file, { resizeWidth: 240 });
    const canvas = document.createElement('canvas');
    canvas.width = picture.width;
    canvas.height = picture.height;
    canvas.getContext('2d')?.drawImage(picture, 0, 0);
    canvas.setAttribute('aria-hidden', 'true');
    seen.append(canvas);
  } catch { /* a picture that this browser cannot show */ }
}
