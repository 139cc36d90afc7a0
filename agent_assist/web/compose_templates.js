// Templates for the text that is being written: digits choose, letters narrow down, Enter takes.
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { signal } from '@preact/signals';
import { say } from './messages.js';
import { Key, html } from './view.js';

/** @typedef {import('./types.js').TemplateOffered} TemplateOffered */

/** Whether the list lies open in the message. */
export const templatesOpen = signal(false);

/** F2 in the message. */
export function toggleTemplates() {
  templatesOpen.value = !templatesOpen.value;
}

/** @param {{offered: TemplateOffered[], onTake: (template: TemplateOffered) => void, onClose: () => void}} props */
export function Templates({ offered, onTake, onClose }) {
  const field = useRef(/** @type {HTMLInputElement | null} */ (null));
  const [query, setQuery] = useState('');
  const [chosen, setChosen] = useState(0);
  const wanted = query.trim().toLowerCase();
  const shown = offered.filter(({ title, text }) => `${title} ${text}`.toLowerCase().includes(wanted));
  const place = Math.min(chosen, Math.max(0, shown.length - 1));
  useLayoutEffect(() => field.current?.focus(), []); // at once: the next key is meant for the list
  useEffect(() => document.getElementById(`template-${place}`)?.scrollIntoView({ block: 'nearest' }), [place]);

  /** @param {KeyboardEvent} event */
  const pressed = (event) => {
    if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && shown.length) setChosen((place + step + shown.length) % shown.length);
    else if (event.key === 'Enter' && shown[place]) event.repeat || onTake(shown[place]);
    else if (!query && /^[1-9]$/.test(event.key) && shown[Number(event.key) - 1]) event.repeat || onTake(shown[Number(event.key) - 1]);
    else if (event.key === 'Escape') {
      event.stopPropagation(); // one thing at a time: the message stays open
      onClose();
    } else return;
    event.preventDefault();
  };
  return html`
    <div class="templates">
      <input type="text" class="narrow" ref=${field} role="combobox" autocomplete="off" spellcheck=${false} aria-label=${say('compose.templates')}
        aria-expanded="true" aria-controls="templates" aria-activedescendant=${shown.length ? `template-${place}` : undefined}
        placeholder=${say('compose.templates_narrow')} value=${query} onKeyDown=${pressed}
        onInput=${(/** @type {InputEvent} */ event) => { setQuery(/** @type {HTMLInputElement} */ (event.target).value); setChosen(0); }} />
      <ul id="templates" role="listbox" aria-label=${say('compose.templates')}>
        ${shown.map((template, i) => html`
          <li id=${`template-${i}`} key=${template.template_id} role="option" aria-selected=${i === place} onClick=${() => onTake(template)}>
            ${!query && i < 9 ? html`<${Key}>${i + 1}<//>` : html`<span></span>`}
            <span><b>${template.title}</b><small>${template.text}</small></span>
            ${template.unfilled.length > 0 && html`<small class="open-fields">${say('compose.open_fields', { count: template.unfilled.length })}</small>`}
          </li>`)}
      </ul>
      ${!shown.length && html`<p class="soft">${say(offered.length ? 'picker.none' : 'compose.no_templates')}</p>`}
    </div>`;
}
