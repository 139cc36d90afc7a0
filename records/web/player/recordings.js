// Lists of recordings: those of one call (on its contact's page), and the newest (a place of its own).
import { useEffect, useState } from 'preact/hooks';
import { get } from 'desk/office/ask.js';
import { shown, useLoaded } from 'desk/office/loaded.js';
import { Page } from 'desk/office/page.js';
import { moment, say } from 'desk/office/words.js';
import { Empty, html } from 'desk/view.js';
import { aboutOf } from '../about.js';
import { Player } from './player.js';
import { clock } from './spoken.js';

const AGAIN_MS = 3000;

/** @typedef {{recording_id: string, call_id: string, agents: string[], started: string, seconds: number, broken?: string, alerts?: number, about?: import('../types.js').ContactAbout | null}} Listed */
/** @typedef {{recordings: Listed[], hidden?: number, waiting?: boolean, more?: boolean}} List */

/**
 * Those of one call; nothing where there is none.
 * @param {{callId: string, corrections?: import('../said.js').Corrections, onWords?: (utterances: ReadonlySet<string>) => void}} props
 * onWords: which utterances are shown with their sound
 */
export function Recordings({ callId, corrections, onWords }) {
  const [loaded, again] = useLoaded((signal) => get('recordings', { call: callId }, signal), [callId]);
  const [chosen, choose] = useState('');
  const waiting = loaded.kind === 'here' && loaded.value.waiting;
  useEffect(() => {
    if (!waiting) return undefined;
    const timer = setTimeout(again, AGAIN_MS);
    return () => clearTimeout(timer);
  }, [loaded]);
  return shown(loaded, again, (/** @type {List} */ { recordings, hidden }) => {
    const id = chosen || recordings[0]?.recording_id;
    return html`
      ${recordings.length > 1 && html`
        <div class="choices" role="group" aria-label=${say('player.parts')}>${recordings.map((one, n) => html`
          <button key=${one.recording_id} class=${one.recording_id === id ? 'on' : ''} aria-pressed=${one.recording_id === id} onClick=${() => choose(one.recording_id)}>
            ${say('player.part', { number: n + 1, time: clock(one.seconds) })}</button>`)}</div>`}
      ${waiting && html`<p class="soft" role="status">${say('player.finishing')}</p>`}
      ${hidden ? html`<p class="soft">${say('player.hidden')}</p>` : null}
      ${id && html`<${Player} key=${id} recordingId=${id} corrections=${corrections} onWords=${onWords} />`}`;
  });
}

/** The newest that she may hear. */
export function AllRecordings() {
  const [before, setBefore] = useState('');
  const [loaded, again] = useLoaded((signal) => get('recordings', { before }, signal), [before]);
  return html`
    <${Page} name="recordings">
      ${shown(loaded, again, (/** @type {List} */ { recordings, more }) => recordings.length === 0
        ? html`<${Empty} title=${say('player.list_none')}>${say('player.list_none_next')}<//>`
        : html`
          <ul class="lines">${recordings.map((one) => html`
            <li key=${one.recording_id}>
              <a class="line" href=${`#/recordings/${one.recording_id}`}>
                <b>${moment(one.started)}</b> <span class="figures">${clock(one.seconds)}</span> <span>${one.agents.join(', ') || say('player.nobody')}</span>
                ${one.alerts ? html`<span class="of-alert">${say('player.evidence')}</span>` : null}
                ${one.broken && html`<span class="soft">${say(`player.broken.${one.broken}`)}</span>`}
                ${one.about && html`<span class="about soft">${aboutOf(one.about)}</span>`}
              </a>
            </li>`)}</ul>
          <p class="deeds">
            ${before && html`<button onClick=${() => setBefore('')}>${say('player.newest')}</button>`}
            ${more && html`<button onClick=${() => setBefore(recordings[recordings.length - 1].started)}>${say('player.older')}</button>`}
          </p>`)}
    <//>`;
}

/** One recording as a page. @param {{id: string, from: string}} props */
export function OneRecording({ id, from }) {
  return html`
    <${Page} name="recordings" title=${say('player.label')} deeds=${html`<a href="#/recordings">${say('nav.recordings')}</a>`}>
      <${Player} recordingId=${id} from=${Number(from) || 0} />
    <//>`;
}
