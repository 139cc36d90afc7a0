// Figures from the server: what is shown stays while it is asked anew, and says so when it is old.
import { useEffect, useState } from 'preact/hooks';
import { get } from 'desk/office/ask.js';
import { say } from 'desk/office/words.js';
import { html } from 'desk/view.js';

/**
 * @template T
 * @typedef {{value: T | null, about: string, fresh: boolean, at: Date | null, trouble: Error | null}} Seen
 *   fresh: it is of what is asked for now
 */

const AGAIN_MS = 30_000;

/**
 * @template T
 * @param {string | null} path below the API with its query; null = nothing to ask
 * @param {boolean} [live] asked anew every half minute
 * @returns {[Seen<T>, () => void]}
 */
export function useSeen(path, live = false) {
  const [seen, setSeen] = useState(/** @type {Seen<T>} */ ({ value: null, about: '', fresh: false, at: null, trouble: null }));
  const [round, setRound] = useState(0);
  useEffect(() => {
    if (path === null) return undefined;
    const stop = new AbortController();
    get(path, undefined, stop.signal).then(
      (value) => { if (!stop.signal.aborted) setSeen({ value, about: path, fresh: true, at: new Date(), trouble: null }); },
      (trouble) => { if (!stop.signal.aborted) setSeen((before) => ({ ...before, trouble })); });
    return () => stop.abort();
  }, [path, round]);
  useEffect(() => {
    if (!live) return undefined;
    const clock = setInterval(() => { if (!document.hidden) setRound((before) => before + 1); }, AGAIN_MS);
    return () => clearInterval(clock);
  }, [live]);
  return [{ ...seen, fresh: seen.about === path && !seen.trouble }, () => setRound((before) => before + 1)];
}

/**
 * A box of a fixed height: what is in it while it loads, when it failed, when it is old.
 * @param {{seen: Seen<any>, again: () => void, box: string, children: () => any}} props
 */
export function Box({ seen, again, box, children }) {
  const old = seen.value !== null && !seen.fresh;
  return html`
    <div class=${`figures ${box}${old ? ' old' : ''}`} aria-busy=${!seen.fresh && !seen.trouble}>
      ${seen.trouble && html`
        <p class="stale" role="status">${seen.trouble.message}${seen.at && seen.value && ` ${say('statistics.stale', { at: seen.at.toLocaleTimeString() })}`}
          <button class="quiet" onClick=${again}>${say('page.retry')}</button></p>`}
      ${seen.value !== null ? children() : !seen.trouble && html`<p class="soft waiting" role="status">${say('page.loading')}</p>`}
    </div>`;
}

/** A query's path. @param {string} name @param {[string, string][]} fields */
export const pathOf = (name, fields) => `statistics/${name}?${new URLSearchParams(fields)}`;
