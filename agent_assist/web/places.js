// The ways between the pages beside the live call.
import { say } from './messages.js';
import { may } from './house.js';
import { Key, html } from './view.js';

/** @param {{here: 'calls' | 'texts' | 'outbox' | 'callbacks' | 'issues'}} props */
export function Places({ here }) {
  /** @type {[string, string, string][]} */
  const places = [['texts', 'nav.texts', 'F'], ['calls', 'nav.history', 'H'], ['outbox', 'nav.outbox', 'O'], ['callbacks', 'nav.callbacks', 'B']];
  if (may('supervisor')) places.push(['issues', 'nav.issues', 'I']);
  return html`
    <nav class="places" aria-label=${say('nav.places')}>
      ${places.map(([place, word, key]) => html`
        <a key=${place} href=${`#/${place}`} aria-current=${place === here ? 'page' : undefined}>${say(word)} <${Key}>${key}<//></a>`)}
    </nav>`;
}
