// Long work on the server: begun here, asked how far it is, told when it is over. Its place is kept, so nothing jumps.
import { useEffect, useRef, useState } from 'preact/hooks';
import { get, part } from 'desk/office/ask.js';
import { act } from 'desk/office/notice.js';
import { figure, half, say } from 'desk/office/words.js';
import { html } from 'desk/view.js';

/** @typedef {import('./types.js').Work} Work */

const ASK_MS = 500;

/**
 * @param {(work: Work) => void} [onOver]
 * @returns {[Work | null, (begin: () => Promise<Work>) => Promise<void>]} how far it is; begin it
 */
export function useWork(onOver) {
  const [work, setWork] = useState(/** @type {Work | null} */ (null));
  const over = useRef(onOver);
  over.current = onOver;
  useEffect(() => {
    if (work?.state !== 'running') return undefined;
    const timer = setTimeout(async () => {
      const now = await act(() => get(`rights/works/${part(work.work_id)}`));
      if (!now) return setWork(null);
      setWork(now);
      if (now.state !== 'running') over.current?.(now);
    }, ASK_MS);
    return () => clearTimeout(timer);
  }, [work]);
  return [work, async (begin) => {
    const begun = await act(begin);
    if (begun) setWork(begun);
  }];
}

/** @param {{work: Work | null, said: string}} props `said`: what is being done, in words */
export function Progress({ work, said }) {
  if (!work) return null;
  if (work.state === 'failed') return html`<p class="wrong" role="alert">${half(work.fault)}</p>`;
  if (work.state === 'done') return null;
  return html`
    <p class="progress-line" role="status">
      <progress max=${work.of || undefined} value=${work.of ? work.done : undefined} aria-label=${said}></progress>
      ${said} <span class="soft">${work.of ? say('rights.of', { done: figure(work.done), of: figure(work.of) }) : figure(work.done)}</span>
    </p>`;
}
