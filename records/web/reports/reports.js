// Reports: made now, sent by themselves, published.
import { get } from 'desk/office/ask.js';
import { shown, useLoaded } from 'desk/office/loaded.js';
import { Page } from 'desk/office/page.js';
import { say } from 'desk/office/words.js';
import { html } from 'desk/view.js';
import { Making } from './making.js';
import { OpenData } from './open_data.js';
import { Schedules } from './schedules.js';

/** @param {{days: string}} props 'first=...&last=...', as the statistics page says it; '' = the usual ones */
export function Reports({ days }) {
  const [loaded, again] = useLoaded((stop) => /** @type {Promise<import('./types.js').Desk>} */ (get('reports', undefined, stop)), []);
  const said = new URLSearchParams(days);
  const begin = said.get('first') && said.get('last') ? { first: said.get('first') ?? '', last: said.get('last') ?? '' } : null;
  return html`
    <${Page} name="reports" deeds=${html`<button onClick=${again}>${say('page.refresh')}</button>`}>
      ${shown(loaded, again, (desk) => html`
        <${Making} key=${days} desk=${desk} begin=${begin} />
        <${Schedules} desk=${desk} again=${again} />
        <${OpenData} today=${desk.today} />`)}
    <//>`;
}
