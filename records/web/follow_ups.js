// What is still to be done for people, the most urgent first.
import { useState } from 'preact/hooks';
import { get } from 'desk/office/ask.js';
import { shown, useLoaded } from 'desk/office/loaded.js';
import { may } from 'desk/office/me.js';
import { act } from 'desk/office/notice.js';
import { Choices, Page, Select } from 'desk/office/page.js';
import { say } from 'desk/office/words.js';
import { Empty, html } from 'desk/view.js';
import { FollowUps } from './follow_up_list.js';
import { personOptions } from './terms.js';

const STATES = ['open', 'done', 'cancelled'];

/** @typedef {{follow_ups: import('./types.js').FollowUp[], about: Record<string, import('./types.js').ContactAbout>, more: boolean}} Some */

export function FollowUpPage() {
  const [state, setState] = useState('open');
  const [owner, setOwner] = useState('');
  const [loaded, again, put] = useLoaded((signal) => get('follow-ups', { state, owner }, signal), [state, owner]);
  const more = (/** @type {Some} */ page) => act(async () => {
    const last = page.follow_ups[page.follow_ups.length - 1];
    const next = await get('follow-ups', { state, owner, after: `${last.due},${last.follow_up_id}` });
    put({ ...next, follow_ups: [...page.follow_ups, ...next.follow_ups], about: { ...page.about, ...next.about } });
  });
  return html`
    <${Page} name="follow-ups">
      <div class="filters">
        <${Choices} label=${say('follow_up.state')} value=${state} onChange=${setState} options=${STATES.map((value) => ({ value, label: say(`follow_up.state.${value}`) }))} />
        ${may('supervisor') && html`<${Select} label=${say('follow_up.owner')} none=${say('follow_up.all_owners')} value=${owner} options=${personOptions.value} onChange=${setOwner} />`}
      </div>
      ${shown(loaded, again, (page) => page.follow_ups.length === 0
        ? html`<${Empty} title=${say(`follow_up.none.${state}`)}>${say('follow_up.none_next')}<//>`
        : html`
          <${FollowUps} list=${page.follow_ups} about=${page.about} onChange=${again} />
          ${page.more && html`<button class="more" onClick=${() => more(page)}>${say('page.more')}</button>`}`)}
    <//>`;
}
