// The top line's sign: how many texts she has not read; red, for supervisors, what nobody has answered for too long.
import { may } from './house.js';
import { say } from './messages.js';
import { html } from './view.js';
import { alarming, lists, unread } from './written.js';

export function TextSign() {
  const [fresh, late, waiting] = [unread.value, may('supervisor') ? alarming.value : 0, lists.value.waiting.length];
  return html`
    <a class="tab sign" href="#/texts">
      ${say('nav.texts')} <b class=${`count${fresh ? ' on' : ''}`}>${fresh}</b>
      <span class="heard-out">${say('threads.sign', { unread: fresh, waiting })}</span>
      ${may('supervisor') && html`<span class=${`alert-sign${late ? ' on' : ''}`} role="status">${late > 0 && say('threads.sign_late', { count: late })}</span>`}
    </a>`;
}
