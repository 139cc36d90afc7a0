// One calm line under the call's clock while somebody else is called in: who, how long, and what she can do.
import { clock } from './format.js';
import { now } from './house.js';
import { known, say } from './messages.js';
import { dismiss, go, isMine, runs, shown, steps } from './transfer.js';
import { Key, html } from './view.js';

/** @type {Record<string, string>} */
const KEYS = { connect: 'T', join: 'V', back: 'Q' };

export function TransferBand() {
  const transfer = shown.value;
  const running = runs(transfer);
  // A colleague who was asked is told while it goes on; how it ended she knows.
  if (!transfer || !(isMine.value || running)) return html`<div class="transfer-place" role="status"></div>`;
  const deeds = steps();
  const trouble = transfer.state === 'returned' || transfer.state === 'failed';
  return html`
    <div class="transfer-place" role="status">
      <div class=${`transfer${trouble ? ' trouble' : ''}`} data-state=${transfer.state}>
        <p><b>${isMine.value ? wording(transfer) : say(`transfer.theirs.${transfer.state}`)}</b>${note(transfer) && html` <span>${note(transfer)}</span>`}</p>
        ${running && html`<span class="transfer-clock" aria-hidden="true">${clock((now.value - Date.parse(transfer.at)) / 1000)}</span>`}
        <p class="transfer-deeds">
          ${deeds.map((deed) => html`
            <button key=${deed} class=${deed === 'connect' ? 'main' : ''} onClick=${() => go(deed)}>${say(`transfer.${deed}`)} <${Key}>${KEYS[deed]}<//></button>`)}
          ${!running && html`<button class="quiet" onClick=${dismiss}>${say('help.close')} <${Key}>Q<//></button>`}
        </p>
      </div>
    </div>`;
}

/** @param {import('./types.js').TransferChanged} transfer */
function note({ state, kind }) {
  if (!isMine.value) return '';
  if (state === 'talking' || (state === 'ringing' && kind === 'consult')) return say('transfer.music');
  return state === 'ringing' ? say('transfer.may_return') : '';
}

/**
 * What has become of it, in one sentence.
 * @param {import('./types.js').TransferChanged} transfer
 */
export function wording({ state, kind, reason, name, to }) {
  const place = { name: name || to };
  for (const key of [`transfer.${state}.${reason}`, `transfer.${state}.${kind}`]) {
    if (known(key)) return say(key, place);
  }
  return say(`transfer.${state}`, place);
}
