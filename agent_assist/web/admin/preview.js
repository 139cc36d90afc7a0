// An entry as agents read it, drawn from what is being written. Elements are built, markup in the text stays text.
import { useEffect, useState } from 'preact/hooks';
import { size } from './attach_field.js';
import { departmentOf, pathOf, personOf } from './structure.js';
import { Body } from '../body.js';
import { post } from '../office/ask.js';
import { say } from '../office/words.js';
import { html } from '../view.js';

/** @typedef {import('../types.js').Node} Node */

const PAUSE_MS = 200;

/** @param {{content: import('./types.js').Content, nodes: Node[]}} props nodes: its text, as it was opened */
export function Preview({ content, nodes }) {
  const department = departmentOf(content.department_id);
  const person = personOf(content.person_id);
  const deputy = personOf(content.deputy_id || person?.deputy_id || '');
  const phone = content.phone || person?.phone || department?.phone;
  const hours = content.hours || department?.hours;
  return html`
    <section class="preview" aria-label=${say('editor.preview')}>
      <h2>${say('editor.preview')}</h2>
      <article class="card" tabindex="0">
        <p class="soft path">${pathOf(content.category_id)}</p>
        <h3>${content.title || say('editor.untitled')}</h3>
        ${phone && html`<p class="phone">${phone}</p>`}
        <p class="soft">${[department?.name, person?.name && say('editor.person', { name: person.name }), deputy?.name && say('editor.deputy', { name: deputy.name })].filter(Boolean).join(' · ')}</p>
        ${hours && html`<p class="soft">${hours}</p>`}
        ${content.procedure.length > 0 && html`<ol class="steps">${content.procedure.map((step) => html`<li>${step}</li>`)}</ol>`}
        <div class="content"><${Text} text=${content.body} first=${nodes} /></div>
        ${content.links.length > 0 && html`<ul>${content.links.filter((link) => /^https?:\/\//i.test(link.url)).map((link) => html`<li><a href=${link.url} target="_blank" rel="noopener noreferrer nofollow">${link.title || link.url}</a></li>`)}</ul>`}
        ${content.attachments.length > 0 && html`<ul>${content.attachments.map((file) => html`<li>${file.name} <span class="soft">${size(file.size)}</span></li>`)}</ul>`}
        ${content.keywords.length > 0 && html`<p class="soft">${say('field.keywords')}: ${content.keywords.join(', ')}</p>`}
      </article>
    </section>`;
}

/** The text as the server reads it, a moment after it was typed. @param {{text: string, first: Node[]}} props */
function Text({ text, first }) {
  const [nodes, setNodes] = useState(first);
  const [opened] = useState(text);
  useEffect(() => {
    if (text === opened) {
      setNodes(first);
      return undefined;
    }
    const stop = new AbortController();
    const timer = setTimeout(async () => {
      try {
        setNodes((await post('preview', { text }, stop.signal)).nodes);
      } catch {
        // what was shown stays; saving says what is wrong
      }
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [text]);
  return html`<${Body} nodes=${nodes} />`;
}
