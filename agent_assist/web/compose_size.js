// How long a text is, or what keeps it back; and what the house asks before it sends.
import { say } from './messages.js';
import { Key, html } from './view.js';

/** Codes of refusals that are questions: with her yes the text goes all the same (`TextQuestion`). */
export const QUESTIONS = new Set(['opted_out', 'quiet_hours', 'same_text']);

/** @param {{look: import('./types.js').TextLook | null, trouble: string, tabs?: boolean}} props tabs: Tab walks to what is to be filled in. */
export function Size({ look, trouble, tabs = false }) {
  if (trouble) return html`<b>${trouble}</b>`;
  if (!look) return '';
  const { fault, kind, bytes, limit, unfilled } = look;
  if (fault === 'message_field') return html`<b>${say('compose.unfilled', { fields: unfilled.map((name) => `{${name}}`).join(' ') })}</b>${tabs && html` <${Key}>Tab<//>`}`;
  if (fault === 'message_too_long') return html`<b>${say('compose.too_long', { bytes, limit, over: bytes - limit })}</b>`;
  if (fault) return html`<b>${say(`error.${fault}`)}</b>`;
  return say(`compose.${kind}`, { bytes, limit: kind === 'sms' ? 90 : limit });
}
