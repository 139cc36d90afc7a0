// An entry's text: the server's tree of harmless tags, built as elements. Markup in the text stays text.
import { h } from 'preact';

/** @typedef {import('./types.js').Node} Node */

/** The server sends no others; were it to, their text would show. */
const TAGS = new Set(['p', 'ul', 'ol', 'li', 'h4', 'strong', 'em', 'del', 'code', 'pre', 'blockquote', 'hr', 'br', 'a', 'table', 'tr', 'th', 'td']);
const ADDRESS = /^(?:https?:\/\/|tel:)/i;

/** @param {{nodes: Node[]}} props */
export function Body({ nodes }) {
  return nodes.map(drawn);
}

/**
 * @param {Node} node
 * @returns {import('./types.js').Children}
 */
function drawn(node) {
  if (typeof node === 'string') return node;
  const children = node.children.map(drawn);
  if (!TAGS.has(node.tag) || (node.tag === 'a' && !ADDRESS.test(node.href))) return children;
  if (node.tag === 'a') return h('a', { href: node.href, target: '_blank', rel: 'noopener noreferrer' }, children);
  return h(node.tag, null, children);
}
