// `html` for all components, and the smallest pieces that several of them use.
import { h } from 'preact';
import htm from 'htm';

/** Tagged templates to elements: html`<b>${text}</b>`. Values are always text, never markup. */
export const html = htm.bind(h);

/**
 * A key of the keyboard, shown where it is used.
 * @param {{children?: import('./types.js').Children}} props
 */
export function Key({ children }) {
  return html`<kbd>${children}</kbd>`;
}

/**
 * A sentence with a key in it, where the catalogue says {key}.
 * @param {{text: string, name: string}} props
 */
export function WithKey({ text, name }) {
  const [before, after] = text.split('{key}');
  return html`${before}<${Key}>${name}<//>${after}`;
}

/**
 * An empty place: what is (not) here, and what to do next.
 * @param {{title: string, children?: import('./types.js').Children}} props
 */
export function Empty({ title, children }) {
  return html`<div class="empty"><p class="empty-title">${title}</p>${children && html`<p>${children}</p>`}</div>`;
}
