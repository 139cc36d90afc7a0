// An entry's text as paragraphs and lists. Pure structure and text nodes: markup in the text stays text.
import { html } from './view.js';

/** @typedef {{kind: 'p' | 'ul' | 'ol', lines: string[]}} Block */

/**
 * Blank lines end a paragraph; lines with - * · or 1. are lists.
 * @param {string} text
 * @returns {Block[]}
 */
export function blocks(text) {
  /** @type {Block[]} */
  const found = [];
  let open = false;
  for (const raw of text.split(/\r?\n/)) {
    const line = raw.trim();
    if (!line) {
      open = false;
      continue;
    }
    const item = line.match(/^(?:[-*·•ㆍ○]|(\d{1,2})[.)])\s+(.+)$/);
    const kind = !item ? 'p' : item[1] ? 'ol' : 'ul';
    const last = found.at(-1);
    if (open && last && last.kind === kind && kind !== 'p') last.lines.push(item?.[2] ?? line);
    else if (open && last && kind === 'p') last.lines.push(line);
    else found.push({ kind, lines: [item?.[2] ?? line] });
    open = true;
  }
  return found;
}

/** @param {{text: string}} props */
export function Body({ text }) {
  return blocks(text).map(({ kind, lines }) =>
    kind === 'p'
      ? html`<p>${lines.map((line, i) => [i > 0 && html`<br />`, line])}</p>`
      : html`<${kind}>${lines.map((line) => html`<li>${line}</li>`)}<//>`);
}
