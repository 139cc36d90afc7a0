// What a page shows comes from the server: loading, failed, here. One hook for all of it.
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { say } from './words.js';
import { Empty, html } from '../view.js';

/**
 * @template T
 * @typedef {{kind: 'loading'} | {kind: 'failed', trouble: Error} | {kind: 'here', value: T}} Loaded
 */

/**
 * Asks when `about` changes; the answer to an older question is dropped. What is there stays while it is asked again.
 * @template T
 * @param {(signal: AbortSignal) => Promise<T>} load
 * @param {unknown[]} about
 * @returns {[Loaded<T>, () => void, (value: T) => void]} what is there; ask again; put in its place
 */
export function useLoaded(load, about) {
  const [loaded, setLoaded] = useState(/** @type {Loaded<T>} */ ({ kind: 'loading' }));
  const [round, setRound] = useState(0);
  useEffect(() => {
    const stop = new AbortController();
    load(stop.signal).then(
      (value) => { if (!stop.signal.aborted) setLoaded({ kind: 'here', value }); },
      (trouble) => { if (!stop.signal.aborted) setLoaded({ kind: 'failed', trouble }); });
    return () => stop.abort();
  }, [...about, round]);
  const again = useCallback(() => setRound((before) => before + 1), []);
  return [loaded, again, (value) => setLoaded({ kind: 'here', value })];
}

/**
 * Asks again so often while the page is looked at.
 * @param {() => void} again
 * @param {number} ms
 * @param {() => boolean} [wanted] whether it is, at that moment
 */
export function useEvery(again, ms, wanted = () => true) {
  const now = useRef(wanted);
  now.current = wanted;
  useEffect(() => {
    const timer = setInterval(() => { if (!document.hidden && now.current()) again(); }, ms);
    return () => clearInterval(timer);
  }, [again, ms]);
}

/**
 * Loading and failure in words; what is here by `show`.
 * @template T
 * @param {Loaded<T>} loaded
 * @param {() => void} again
 * @param {(value: T) => any} show
 */
export function shown(loaded, again, show) {
  if (loaded.kind === 'loading') return html`<p class="soft waiting" role="status">${say('page.loading')}</p>`;
  if (loaded.kind === 'failed') {
    return html`<${Empty} title=${loaded.trouble.message}><button onClick=${again}>${say('page.retry')}</button><//>`;
  }
  return show(loaded.value);
}
