// How a text would arrive, asked while it is being written.
import { useEffect, useRef, useState } from 'preact/hooks';
import { Fault, lookAt } from './api.js';

/** @typedef {import('./types.js').TextLook} TextLook */

/**
 * How the text would arrive, as she types: one question at a time, always about the newest words.
 * @param {string | null} text
 * @param {string} [title]  Hers, of a long one.
 */
export function useLook(text, title = '') {
  const [seen, setSeen] = useState({ of: '', title: '', current: /** @type {TextLook | null} */ (null), trouble: '' });
  const state = useRef({ wanted: /** @type {{text: string, title: string} | null} */ (null), busy: false, gone: false });
  const ask = async () => {
    const it = state.current;
    it.busy = true;
    while (!it.gone && it.wanted !== null) {
      const { text: of, title: under } = it.wanted;
      it.wanted = null;
      try {
        const current = await lookAt(of, under);
        if (!it.gone) setSeen({ of, title: under, current, trouble: '' });
      } catch (wrong) {
        if (!it.gone) setSeen({ of, title: under, current: null, trouble: wrong instanceof Fault ? wrong.message : String(wrong) });
      }
    }
    it.busy = false;
  };
  useEffect(() => {
    if (text === null) return;
    state.current.wanted = { text, title };
    if (!state.current.busy) ask();
  }, [text, title]);
  useEffect(() => () => { state.current.gone = true; }, []);
  return seen;
}
