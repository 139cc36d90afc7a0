// Copying, with and without TLS.
import { tell } from './house.js';
import { say } from './messages.js';

/** @param {string} text */
export function copy(text) {
  return copyAs(text, say('cards.copied', { number: text }));
}

/** @param {string} text @param {string} done What is told then. */
export async function copyAs(text, done) {
  const copied = navigator.clipboard ? await navigator.clipboard.writeText(text).then(() => true, () => false) : copyByHand(text);
  tell(copied ? done : say('cards.copy_failed'));
}

/**
 * Into the field that she is writing in, else into the clipboard.
 * @param {string} text
 */
export function use(text) {
  const field = document.activeElement;
  const writes = field instanceof HTMLTextAreaElement || (field instanceof HTMLInputElement && field.type === 'text');
  if (!writes || field.readOnly) {
    copy(text);
    return;
  }
  field.setRangeText(text, field.selectionStart ?? 0, field.selectionEnd ?? 0, 'end');
  field.dispatchEvent(new InputEvent('input', { bubbles: true }));
}

/**
 * Without TLS browsers have no clipboard; the old way still works there.
 * @param {string} text
 */
function copyByHand(text) {
  const field = document.createElement('textarea');
  const before = document.activeElement;
  field.value = text;
  field.className = 'heard-out';
  document.body.append(field);
  field.select();
  const done = document.execCommand('copy');
  field.remove();
  if (before instanceof HTMLElement) before.focus();
  return done;
}
