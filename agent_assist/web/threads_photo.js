// A picture of a conversation, large, over everything: arrows turn, Esc closes.
import { useLayoutEffect, useRef } from 'preact/hooks';
import { signal } from '@preact/signals';
import { photo } from './api.js';
import { say } from './messages.js';
import { Key, html } from './view.js';

const shown = signal(/** @type {{photos: string[], place: number} | null} */ (null));

/** @param {string[]} photos @param {number} place */
export function enlarge(photos, place) {
  shown.value = { photos, place };
}

export function Enlarged() {
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null));
  const it = shown.value;
  useLayoutEffect(() => { if (it && !dialog.current?.open) dialog.current?.showModal(); }, [it]);
  if (!it) return null;
  const { photos, place } = it;
  const turn = (/** @type {number} */ step) => { if (photos[place + step]) shown.value = { photos, place: place + step }; };
  /** @param {KeyboardEvent} event */
  const pressed = (event) => {
    event.stopPropagation(); // the desk's keys are not meant
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step) turn(step);
  };
  return html`
    <dialog class="enlarged" ref=${dialog} onClose=${() => { shown.value = null; }} onKeyDown=${pressed} aria-label=${say('photo.one', { number: place + 1, count: photos.length })}>
      <img key=${photos[place]} src=${photo(photos[place])} alt=${say('photo.alt', { number: place + 1 })} />
      <p class="turn">
        <span class="soft">${say('photo.one', { number: place + 1, count: photos.length })}</span>
        ${photos.length > 1 && html`
          <button disabled=${place === 0} onClick=${() => turn(-1)}>${say('photo.before')} <${Key}>←<//></button>
          <button disabled=${place === photos.length - 1} onClick=${() => turn(1)}>${say('photo.next')} <${Key}>→<//></button>`}
        <a href=${photo(photos[place])} target="_blank" rel="noopener">${say('threads.photo_alone')}</a>
        <button class="main" autofocus onClick=${() => dialog.current?.close()}>${say('help.close')} <${Key}>Esc<//></button>
      </p>
    </dialog>`;
}
