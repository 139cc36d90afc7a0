// Written contacts that are over, newest first.
import { useEffect, useState } from 'preact/hooks';
import { closedWritten } from './api.js';
import { isToday, shortDate, timeOfDay } from './format.js';
import { walk } from './history.js';
import { may } from './house.js';
import { language, say } from './messages.js';
import { writerWord } from './threads_word.js';
import { Empty, html } from './view.js';

/** @typedef {import('./types.js').WrittenPage} WrittenPage */

export function Closed() {
  const [list, setList] = useState(/** @type {WrittenPage | null | 'failed'} */ (null));
  const load = async (/** @type {WrittenPage['written']} */ before) => {
    const last = before.at(-1);
    try {
      const answer = await closedWritten({ ...(!may('supervisor') && { mine: '1' }), ...(last && { before: last.last_at }) });
      setList({ written: [...before, ...answer.written], more: answer.more });
    } catch {
      setList('failed');
    }
  };
  useEffect(() => { load([]); }, []);
  if (list === null) return html`<p class="soft">${say('history.loading')}</p>`;
  if (list === 'failed') return html`<${Empty} title=${say('threads.failed')}><button onClick=${() => load([])}>${say('history.retry')}</button><//>`;
  if (!list.written.length) return html`<${Empty} title=${say('threads.none_closed')} />`;
  return html`
    <ul class="calls" onKeyDown=${walk}>${list.written.map((written) => html`
      <li key=${written.contact_id}><a class="thread-line" href=${`#/texts/${encodeURIComponent(written.contact_id)}`}>
        <b class="number">${writerWord(written)}</b>
        <time>${isToday(written.last_at) ? '' : `${shortDate(written.last_at, language.value)} `}${timeOfDay(written.last_at)}</time>
        <span class="about">${written.last_text}</span>
        <span class="soft result">${[say(`threads.reason.${written.closed}`), written.agent_name, written.topic].filter(Boolean).join(' · ')}</span>
      </a></li>`)}</ul>
    ${list.more && html`<button class="more" onClick=${() => load(list.written)}>${say('history.more')}</button>`}`;
}
