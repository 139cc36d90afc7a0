// A time that runs: only its text changes, nothing around it is drawn anew.
import { useComputed, useSignal } from '@preact/signals';
import { clock, shortClock } from '../format.js';
import { html } from '../view.js';
import { lasted } from './picture.js';

/** @param {{since: string | undefined, short?: boolean}} props short: at most five signs */
export function Lasting({ since, short = false }) {
  const from = useSignal(since);
  if (from.value !== since) from.value = since;
  const text = useComputed(() => (from.value ? (short ? shortClock : clock)(lasted(from.value)) : ''));
  return html`<span class="time">${text}</span>`;
}
