// The top line's sign: how many texts she has not read; for supervisors in red, and first, what nobody has answered for too long.
import { may } from './house.js';
import { say } from './messages.js';
import { html } from './view.js';
import { alarming, lists, unread } from './written.js';

export function TextSign() {
  const [fresh, late, waiting] = [unread.value, may('supervisor') ? alarming.value : 0, lists.value.waiting.length];
  return html`
    <a class="tab texts-sign" href="#/texts" title=${say('threads.sign', { unread: fresh, waiting })}>
      ${say('nav.texts')} <b class=${`count${late ? ' late' : fresh ? ' on' : ''}`}>${late || fresh}</b>
      <span class="heard-out" role="status">${say('threads.sign', { unread: fresh, waiting })} ${late > 0 && say('threads.sign_late', { count: late })}</span>
    </a>`;
}
