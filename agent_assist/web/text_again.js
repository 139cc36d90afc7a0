// A text that failed, once more. What must be asked first is asked where she pressed.
import { useState } from 'preact/hooks';
import { Fault, textAgain } from './api.js';
import { QUESTIONS } from './compose_size.js';
import { tell } from './house.js';
import { say } from './messages.js';
import { newKey } from './text_undo.js';
import { html } from './view.js';

/** @param {{id: string, onDone?: () => void}} props */
export function Again({ id, onDone }) {
  const [key] = useState(newKey); // pressed twice, it is one text
  const [state, setState] = useState(/** @type {'' | 'busy' | 'done'} */ (''));
  const [asked, setAsked] = useState('');
  const again = async () => {
    setState('busy');
    try {
      await textAgain(id, { key, sure: asked ? [asked] : [] });
      setState('done');
      onDone?.();
    } catch (trouble) {
      setState('');
      if (!(trouble instanceof Fault)) throw trouble;
      if (QUESTIONS.has(trouble.code)) setAsked(trouble.code);
      else tell(trouble.message);
    }
  };
  if (state === 'done') return html`<small>${say('compose.again_done')}</small>`;
  return html`${asked && html`<small class="asked-short">${say(`compose.asked.${asked}`)}</small>`}
    <button class="quiet" disabled=${state === 'busy'} onClick=${again}>${say(asked ? 'compose.asked.yes' : 'compose.again')}</button>`;
}
