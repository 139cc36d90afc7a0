// What owners have to do: corrections that agents asked for, reviews, expiries, entries without an owner.
import { useState } from 'preact/hooks';
import { departmentOf, nameOf } from './structure.js';
import { get, part, post } from '../office/ask.js';
import { confirm } from '../office/confirm.js';
import { shown, useLoaded } from '../office/loaded.js';
import { act } from '../office/notice.js';
import { Choices, Page } from '../office/page.js';
import { moment, say } from '../office/words.js';
import { Empty, html } from '../view.js';

/** @typedef {import('./types.js').Task} Task */

export function Tasks() {
  const [state, setState] = useState('open');
  const [list, setList] = useState(/** @type {{tasks: Task[], titles: Record<string, string>, more: boolean} | null} */ (null));
  const [loaded, again] = useLoaded(async (signal) => {
    const page = await get('tasks', { state }, signal);
    setList(page);
    return page;
  }, [state]);
  const more = async () => {
    const before = list?.tasks ?? [];
    const page = await act(() => get('tasks', { state, before: before.at(-1)?.at }));
    if (page) setList({ tasks: [...before, ...page.tasks], titles: { ...list?.titles, ...page.titles }, more: page.more });
  };
  return html`
    <${Page} name="tasks">
      <${Choices} label=${say('tasks.state')} value=${state} onChange=${setState} options=${['open', 'done', 'refused'].map((value) => ({ value, label: say(`tasks.${value}`) }))} />
      ${shown(loaded, again, () => list && html`
        ${list.tasks.length === 0 ? html`<${Empty} title=${say(`tasks.none_${state}`)} />` : html`
          <ul class="lines of-tasks">${list.tasks.map((task) => html`<${TaskLine} key=${task.task_id} task=${task} title=${list.titles[task.entry_id] || task.entry_id} onChanged=${again} />`)}</ul>`}
        ${list.more && html`<button class="more" onClick=${more}>${say('page.more')}</button>`}`)}
    <//>`;
}

/** @param {{task: Task, title: string, onChanged: () => void}} props title: '' on the entry's own page */
export function TaskLine({ task, title, onChanged }) {
  /** @param {'done' | 'refuse'} deed */
  const close = async (deed) => {
    const answer = await confirm({ title: say(`tasks.${deed}_title`), text: task.note, yes: say(`tasks.${deed}_yes`), write: { label: say('tasks.answer'), needed: deed === 'refuse' } });
    if (answer === null) return;
    if (await act(() => post(`tasks/${part(task.task_id)}/${deed}`, { answer }), say(`tasks.told_${deed}`))) onChanged();
  };
  return html`
    <li class="task">
      <div>
        <span class="badge">${say(`task.${task.kind}`)}</span>
        ${title && html` <a href=${`#/entries/${part(task.entry_id)}`}><b>${title}</b></a>`}
        ${task.version > 0 && html` <small class="soft">v${task.version}</small>`}
        ${task.note && html`<p class="note">${task.note}</p>`}
        ${task.answer && html`<p class="answer">${say(`tasks.${task.state}`)}: ${task.answer}</p>`}
        <p class="soft">${[moment(task.at), task.by && nameOf(task.by), departmentOf(task.department_id)?.name, task.done_at && say('tasks.closed_by', { name: nameOf(task.done_by), when: moment(task.done_at) })].filter(Boolean).join(' · ')}</p>
      </div>
      ${task.state === 'open' && html`
        <div class="deeds">
          <button onClick=${() => close('done')}>${say('tasks.done_yes')}</button>
          <button class="quiet" onClick=${() => close('refuse')}>${say('tasks.refuse_yes')}</button>
        </div>`}
    </li>`;
}
