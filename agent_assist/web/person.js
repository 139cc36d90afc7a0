// Who calls, from what there is about the number: how often, what about, and what is still to be done.
import { useEffect, useState } from 'preact/hooks';
import { person } from './api.js';
import { isToday, shortDate, timeOfDay } from './format.js';
import { language, say } from './messages.js';
import { html } from './view.js';

/** @typedef {import('./types.js').PersonSeen} PersonSeen */

/** @param {{contactId: string}} props */
export function Person({ contactId }) {
  const [seen, setSeen] = useState(/** @type {PersonSeen | null | 'failed'} */ (null));
  useEffect(() => {
    let gone = false;
    person(contactId).then((found) => gone || setSeen(found), () => gone || setSeen('failed'));
    return () => { gone = true; };
  }, [contactId]);
  if (seen === null) return html`<p class="soft">${say('history.loading')}</p>`;
  if (seen === 'failed') return html`<p class="soft">${say('caller.earlier_failed')}</p>`;
  const { contacts, follow_ups: open } = seen;
  if (!contacts.length && !open.length) return html`<p class="soft">${say('caller.earlier_none')}</p>`;
  return html`
    <p class="soft">${say('person.count', { count: seen.count, months: Math.round(seen.days / 30.4) })}</p>
    ${open.length > 0 && html`
      <ul class="person-follow" aria-label=${say('person.follow_ups')}>
        ${open.map((one) => html`<li key=${one.follow_up_id}><b>${say('person.follow_up')}</b> ${one.callback_id ? say('record.callback') : one.text} <span class="soft">${one.due}</span></li>`)}
      </ul>`}
    <ul class="earlier">
      ${contacts.map((one) => html`
        <li key=${one.contact_id}><a href=${`${one.channel === 'call' ? '#/calls' : '#/texts'}/${encodeURIComponent(one.contact_id)}`} title=${one.need}>
          <b>${one.category ? one.category.split('>').at(-1) : one.need || say('history.no_topic')}</b>
          <span class="soft">${[isToday(one.at) ? timeOfDay(one.at) : shortDate(one.at, language.value), say(`person.channel.${one.channel}`), resultOf(seen, one.result) || one.agent_name].filter(Boolean).join(' · ')}</span>
        </a></li>`)}
    </ul>`;
}

/** @param {PersonSeen} seen @param {string} code */
const resultOf = (seen, code) => seen.results.find((one) => one.code === code)?.[language.value] ?? '';
