// A picture from the caller, large, beside the words.
import { photo } from './api.js';
import { copy } from './clipboard.js';
import { timeOfDay } from './format.js';
import { say } from './messages.js';
import { Key, html } from './view.js';

/** @typedef {import('./types.js').PhotoReceived} PhotoReceived */

/** @param {{photos: PhotoReceived[], place: number, onPlace: (place: number) => void}} props */
export function PhotoView({ photos, place, onPlace }) {
  const shown = photos[place];
  if (!shown) return null;
  const { photo_id: id, width, height, size, at, latitude, longitude } = shown;
  const where = latitude === null || longitude === null ? '' : `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`;
  /** @param {KeyboardEvent} event */
  const pressed = (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step || !photos[place + step]) return;
    event.preventDefault();
    onPlace(place + step);
  };
  return html`
    <figure class="photo" tabindex="0" data-first onKeyDown=${pressed} aria-label=${say('photo.one', { number: place + 1, count: photos.length })}>
      <a href=${photo(id)} target="_blank" rel="noopener" tabindex="-1"><img key=${id} src=${photo(id)} width=${width} height=${height} alt=${say('photo.alt', { number: place + 1 })} /></a>
      <figcaption>
        <span>${say('photo.one', { number: place + 1, count: photos.length })} · ${timeOfDay(at)}</span>
        <span class="soft">${width} × ${height} · ${Math.ceil(size / 1024)} KiB</span>
      </figcaption>
    </figure>
    ${photos.length > 1 && html`
      <p class="turn">
        <button disabled=${place === 0} onClick=${() => onPlace(place - 1)}>${say('photo.before')} <${Key}>←<//></button>
        <button disabled=${place === photos.length - 1} onClick=${() => onPlace(place + 1)}>${say('photo.next')} <${Key}>→<//></button>
      </p>`}
    <p class="where">
      ${where ? html`${say('photo.where')} <a href=${`geo:${latitude},${longitude}`}>${where}</a> <button class="quiet" onClick=${() => copy(where)}>${say('photo.copy')}</button>`
        : html`<span class="soft">${say('photo.nowhere')}</span>`}
    </p>`;
}
