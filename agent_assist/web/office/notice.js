// What has just happened, below; with the way back where there is one.
import { signal } from '@preact/signals';
import { say } from './words.js';
import { html } from '../view.js';

/** @typedef {{text: string, bad?: boolean, undo?: () => unknown}} Notice */

const STAYS_MS = 12_000;
/** @type {import('@preact/signals').Signal<Notice | null>} */
export const notice = signal(null);
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

/** @param {string} text @param {() => unknown} [undo] */
export function tell(text, undo) {
  put({ text, undo });
}

/** @param {Notice} what */
function put(what) {
  clearTimeout(timer);
  notice.value = what;
  if (!what.bad) timer = setTimeout(() => { notice.value = null; }, STAYS_MS); // trouble stays until it is read
}

/**
 * Does it, and says what is wrong where it fails.
 * @template T
 * @param {() => Promise<T>} deed
 * @param {string} [done] said when it is done
 * @param {(result: T) => unknown} [undo]
 * @returns {Promise<T | undefined>} undefined = it failed
 */
export async function act(deed, done, undo) {
  try {
    const result = await deed();
    if (done) tell(done, undo && (() => act(async () => undo(result))));
    return result;
  } catch (trouble) {
    put({ text: trouble instanceof Error ? trouble.message : String(trouble), bad: true });
    return undefined;
  }
}

export function NoticeBar() {
  const what = notice.value;
  const close = () => { notice.value = null; };
  return html`
    <div class=${`notice-bar${what ? '' : ' empty-bar'}${what?.bad ? ' bad' : ''}`} role=${what?.bad ? 'alert' : 'status'}>
      ${what && html`
        <p>${what.text}</p>
        ${what.undo && html`<button onClick=${() => { close(); what.undo?.(); }}>${say('page.undo')}</button>`}
        <button class="quiet" onClick=${close}>${say('page.close')}</button>`}
    </div>`;
}
