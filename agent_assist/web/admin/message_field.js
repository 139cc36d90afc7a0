// The text-message version, with its length as carriers count it.
import { useEffect, useState } from 'preact/hooks';
import { post } from '../office/ask.js';
import { Field, typed } from '../office/page.js';
import { say } from '../office/words.js';
import { html } from '../view.js';

const PAUSE_MS = 250;

/** @param {{value: string, onChange: (value: string) => void, disabled: boolean}} props */
export function MessageField({ value, onChange, disabled }) {
  const [size, setSize] = useState('');
  useEffect(() => {
    if (!value.trim()) {
      setSize('');
      return undefined;
    }
    const stop = new AbortController();
    const timer = setTimeout(async () => {
      try {
        const { bytes, kind, limit } = await post('measure', { text: value }, stop.signal);
        setSize(say(`editor.size_${kind}`, { bytes, limit: kind === 'sms' ? 90 : limit }));
      } catch (trouble) {
        if (!stop.signal.aborted) setSize(trouble instanceof Error ? trouble.message : '');
      }
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [value]);
  return html`
    <${Field} label=${say('field.message')} hint=${html`<span role="status" class="size">${size || say('editor.message_hint')}</span>`} wide>
      <textarea rows="3" value=${value} disabled=${disabled} onInput=${(/** @type {Event} */ event) => onChange(typed(event))}></textarea>
    <//>`;
}
