// All contacts that she may see, newest first.
import { get } from 'desk/office/ask.js';
import { shown, useLoaded } from 'desk/office/loaded.js';
import { Page } from 'desk/office/page.js';
import { moment, say } from 'desk/office/words.js';
import { Empty, html } from 'desk/view.js';

/** @typedef {{contact_id: string, at: string}} Found */

export function Contacts() {
  const [loaded, again] = useLoaded((signal) => get('contacts', {}, signal), []);
  return html`
    <${Page} name="contacts">
      ${shown(loaded, again, ({ contacts }) => contacts.length === 0
        ? html`<${Empty} title=${say('contacts.none')}>${say('contacts.none_next')}<//>`
        : html`<ul class="lines">${contacts.map((/** @type {Found} */ one) => html`<li key=${one.contact_id}><span class="line">${moment(one.at)}</span></li>`)}</ul>`)}
    <//>`;
}
