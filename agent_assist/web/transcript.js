// What is said. The newest words stand at the bottom; an unfinished line keeps its place and its height when it settles.
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { useComputed } from '@preact/signals';
import { clock } from './format.js';
import { pieces } from './marks.js';
import { known, say } from './messages.js';
import { wording } from './transfer_band.js';
import { Empty, Key, html } from './view.js';

/** Closer to the end than this counts as being there. */
const NEAR_PX = 24;

/** @param {{call: import('./call.js').Call, live: boolean}} props */
export function Transcript({ call, live }) {
  const box = useRef(/** @type {HTMLDivElement | null} */ (null));
  const list = useRef(/** @type {HTMLOListElement | null} */ (null));
  const [away, setAway] = useState(/** @type {number | null} */ (null)); // finals there were when she scrolled up
  const following = useRef(live);
  const top = useRef(0);
  const high = useRef(0);
  const lines = call.lines.value;
  const { started, joined } = call.facts.value;
  const zero = started && joined ? (Date.parse(joined) - Date.parse(started)) / 1000 : 0; // as the clock above counts
  const unheard = call.language.value?.heard === false;
  const evidence = new Set(call.alerts.value.filter(({ state }) => state !== 'dismissed').map(({ utterance }) => utterance));
  const finals = useComputed(() => call.lines.value.filter((line) => line.said.value.final).length);

  const toEnd = () => box.current?.scrollTo({ top: box.current.scrollHeight });
  const scrolled = () => {
    const { scrollTop, scrollHeight, clientHeight } = /** @type {HTMLDivElement} */ (box.current);
    if (scrollHeight - scrollTop - clientHeight < NEAR_PX) {
      following.current = live;
      setAway(null);
    } else if (scrollTop < top.current) {
      // Only going up means that she reads elsewhere: far from the end is also where new words have just pushed us.
      following.current = false;
      setAway((before) => before ?? finals.peek());
    }
    top.current = scrollTop;
  };

  useLayoutEffect(() => {
    const watcher = new ResizeObserver(() => {
      const height = box.current?.clientHeight ?? 0;
      if (following.current) toEnd();
      // A band that comes or goes above must not move what she reads further up.
      else if (box.current && live) box.current.scrollTop += high.current - height;
      high.current = height;
    });
    if (box.current) watcher.observe(box.current);
    if (list.current) watcher.observe(list.current);
    return () => watcher.disconnect();
  }, []);

  const fresh = away === null ? 0 : finals.value - away;
  return html`
    <section class="words" aria-label=${say('call.words')}>
      <div class="scroll" id="words" ref=${box} onScroll=${scrolled} tabindex="0" role="log" aria-live="off" aria-label=${say('call.words')}>
        ${!lines.length && html`<${Empty} title=${say(!live || call.facts.value.ended ? 'call.no_words_ended' : unheard ? 'language.unheard' : 'call.no_words')} />`}
        <ol class="lines" ref=${list}>${lines.map((line) => html`<${Row} key=${line.id} line=${line} zero=${zero} evidence=${evidence.has(line.id)} />`)}</ol>
      </div>
      ${live && away !== null && html`
        <button class="newest" onClick=${toEnd}>
          ${fresh > 0 ? say('call.new_words', { count: fresh }) : say('call.latest')} ↓ <${Key}>End<//>
        </button>`}
      ${live && html`<p class="heard-out" aria-live="polite"><${Announced} call=${call} /></p>`}
    </section>`;
}

/**
 * @param {{line: import('./call.js').Line, zero: number, evidence: boolean}} props
 *   zero: the second of the call from which its times count; evidence: it raised an alert
 */
function Row({ line, zero, evidence }) {
  const said = line.said.value;
  const row = useRef(/** @type {HTMLLIElement | null} */ (null));
  const tallest = useRef(0);
  useLayoutEffect(() => {
    // A line may grow while it is spoken; when it settles shorter it keeps its room, so that nothing above it moves.
    const element = row.current;
    if (!element || (said.final && !tallest.current)) return;
    tallest.current = Math.max(tallest.current, element.getBoundingClientRect().height);
    element.style.minHeight = `${tallest.current}px`;
  }, [said]);

  if (line.step) return html`<li class="gap step">${wording(line.step)} <time>${clock(line.start - zero)}</time></li>`;
  if (line.speaker === 'gap') return html`<li class="gap">${say('call.missing', { seconds: said.text })}</li>`;
  return html`
    <li ref=${row} class=${`said ${line.speaker}${said.final ? '' : ' unfinished'}${said.typed ? ' typed' : ''}${said.aside ? ' aside' : ''}${evidence ? ' evidence' : ''}`} data-utterance=${line.id}>
      <span class="who">${line.name || say(`speaker.${line.speaker}`)}${said.typed && html` <small>${say('speaker.typed')}</small>`}${said.aside && html` <small>${say('speaker.aside')}</small>`}${evidence && html` <small class="alert-word">${say('alert.mark')}</small>`}</span>
      <span class="text" lang=${said.language || undefined}>
        ${pieces(said.text, said.words, said.masked).map(shown)}
        ${!said.final && html`<span class="caret" aria-hidden="true"></span>`}
      </span>
      <time>${clock(line.start - zero)}</time>
    </li>`;
}

/** @param {import('./marks.js').Piece} piece */
function shown({ kind, text }) {
  if (kind === 'plain') return text;
  if (kind === 'marked') return html`<mark>${text}</mark>`;
  return html`<span class="masked">${say(known(`masked.${text}`) ? `masked.${text}` : 'masked.other')}</span>`;
}

/**
 * The newest final for those who listen to the page.
 * @param {{call: import('./call.js').Call}} props
 */
function Announced({ call }) {
  const final = call.newest.value;
  return final && html`${say(`speaker.${final.speaker}`)}${final.typed ? ` ${say('speaker.typed')}` : ''}: <span lang=${final.language || undefined}>${final.text}</span>`;
}

/** Bring the newest words into sight, from the keyboard. */
export function showNewest() {
  const box = document.getElementById('words');
  box?.scrollTo({ top: box.scrollHeight });
}
