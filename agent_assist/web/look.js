// How a text would arrive, asked while it is being written.
import { useEffect, useRef, useState } from 'preact/hooks';
import { Fault, lookAt } from './api.js';

/** @typedef {import('./types.js').TextLook} TextLook */

/**
 * How the text would arrive, as she types: one question at a time, always about the newest words.
 * @param {string | null} text
 */
export function useLook(text) {
  const [seen, setSeen] = useState({ of: '', current: /** @type {TextLook | null} */ (null), trouble: '' });
  const state = useRef({ wanted: /** @type {string | null} */ (null), busy: false, gone: false });
  const ask = async () => {
    const it = state.current;
    it.busy = true;
    while (!it.gone && it.wanted !== null) {
      const of = it.wanted;
      it.wanted = null;
      try {
        const current = await lookAt(of);
        if (!it.gone) setSeen({ of, current, trouble: '' });
      } catch (wrong) {
        if (!it.gone) setSeen({ of, current: null, trouble: wrong instanceof Fault ? wrong.message : String(wrong) });
      }
    }
    it.busy = false;
  };
  useEffect(() => {
    if (text === null) return;
    state.current.wanted = text;
    if (!state.current.busy) ask();
  }, [text]);
  useEffect(() => () => { state.current.gone = true; }, []);
  return seen;
}
