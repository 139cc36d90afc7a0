// Work that is not saved yet: nobody leaves it by accident, neither by a link of ours nor by closing the window.
import { signal } from '@preact/signals';
import { confirm } from './confirm.js';
import { say } from './words.js';

/** Where one begins: <html data-home>. */
const HOME = document.documentElement.dataset.home ?? '#/';

/** Where we are, as the address says: '#/entries/7'. */
export const place = signal(location.hash || HOME);
/** Whether something is not saved. */
let unsaved = () => false;

/** @param {() => boolean} ask */
export function guard(ask) {
  unsaved = ask;
}

export function unguard() {
  unsaved = () => false;
}

/** Go there without a question: what was written is saved. @param {string} hash */
export function go(hash) {
  unguard();
  if (location.hash === hash) place.value = hash;
  else location.hash = hash;
}

addEventListener('beforeunload', (event) => { if (unsaved()) event.preventDefault(); });
addEventListener('hashchange', async () => {
  const wanted = location.hash || HOME;
  if (wanted === place.value) return;
  if (unsaved()) {
    history.replaceState(null, '', place.value); // stay while she is asked
    const answer = await confirm({ title: say('leave.title'), text: say('leave.text'), yes: say('leave.yes'), danger: true });
    if (answer === null) return;
    unguard();
    history.replaceState(null, '', wanted);
  }
  place.value = wanted;
});
