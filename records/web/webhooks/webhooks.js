// Receivers of webhooks: who is told of what, how it goes, and what is done when it does not.
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { get, part, post } from 'desk/office/ask.js';
import { confirm } from 'desk/office/confirm.js';
import { shown, useEvery, useLoaded } from 'desk/office/loaded.js';
import { act, tell } from 'desk/office/notice.js';
import { Field, Page, typed, walk } from 'desk/office/page.js';
import { figure, moment, say } from 'desk/office/words.js';
import { Empty, html } from 'desk/view.js';
import { Checks } from '../accounts/checks.js';
import { Once } from '../accounts/once.js';

/** @typedef {import('./types.js').WebhookForm} WebhookForm */
/** @typedef {import('./types.js').WebhookSeen} WebhookSeen */
/** @typedef {import('./types.js').WebhookList} WebhookList */
/** @typedef {import('./types.js').WebhookMade} WebhookMade */

/** The list looks again so often. */
const LOOK_MS = 4000;
/** @type {WebhookForm} */
const NEW = { name: '', url: '', topics: [], words: false, paused: false };
/** @param {WebhookForm} one @returns {WebhookForm} */
const wish = ({ name, url, topics, words, paused }) => ({ name, url, topics, words, paused });

export function Webhooks() {
  const [loaded, again] = useLoaded((signal) => get('webhooks', {}, signal), []);
  const [open, setOpen] = useState(/** @type {string | null} */ (null));
  const [made, setMade] = useState(/** @type {{name: string, secret: string} | null} */ (null));
  useEvery(again, LOOK_MS);
  return html`
    <${Page} name="webhooks" deeds=${html`<button class="main" disabled=${open === ''} onClick=${() => setOpen('')}>${say('webhooks.new')}</button>`}>
      ${made && html`<${Once} title=${say('webhooks.secret', { name: made.name })} secret=${made.secret} hint=${say('webhooks.secret_hint')} onDone=${() => setMade(null)} />`}
      ${shown(loaded, again, (/** @type {WebhookList} */ list) => html`
        ${open === '' && html`<${Form} one=${NEW} list=${list} onDone=${() => setOpen(null)}
          put=${async (/** @type {WebhookForm} */ form) => { const kept = await post('webhooks', form); setMade({ name: form.name, secret: kept.secret }); again(); }} />`}
        ${list.webhooks.length === 0 ? open !== '' && html`<${Empty} title=${say('webhooks.none')}>${say('webhooks.none_next')}<//>` : html`
          <ul class="lines" onKeyDown=${walk}>${list.webhooks.map((one) => html`
            <li key=${one.id} class="record">
              ${open === one.id
    ? html`<${Form} one=${one} list=${list} onDone=${() => setOpen(null)} put=${async (/** @type {WebhookForm} */ form) => { await post(`webhooks/${part(one.id)}`, form); again(); }} />`
    : html`<${Line} one=${one} again=${again} onEdit=${() => setOpen(one.id)} onSecret=${(/** @type {string} */ secret) => setMade({ name: one.name, secret })} />`}
            </li>`)}</ul>`}`)}
    <//>`;
}

/** @param {{one: WebhookSeen, again: () => void, onEdit: () => void, onSecret: (secret: string) => void}} props */
function Line({ one, again, onEdit, onSecret }) {
  const base = `webhooks/${part(one.id)}`;
  const pause = () => act(async () => { await post(base, { ...wish(one), paused: !one.paused }); again(); }, say(one.paused ? 'webhooks.resumed' : 'webhooks.paused_done'));
  const test = () => act(async () => { await post(`${base}/test`); again(); }, say('webhooks.test_sent'));
  const rotate = async () => {
    if ((await confirm({ title: say('webhooks.rotate_sure', { name: one.name }), text: say('webhooks.rotate_text'), yes: say('webhooks.rotate') })) === null) return;
    const kept = /** @type {WebhookMade | undefined} */ (await act(() => post(`${base}/rotate`)));
    if (kept) { onSecret(kept.secret); again(); }
  };
  const rotated = () => act(async () => { await post(`${base}/rotated`); again(); }, say('webhooks.rotated'));
  const drop = async () => {
    if ((await confirm({ title: say('webhooks.drop_sure', { name: one.name }), text: say('webhooks.drop_text', { count: one.waiting + one.dead }), yes: say('page.delete'), danger: true })) === null) return;
    await act(async () => { await post(`${base}/drop`); again(); }, say('page.removed'));
  };
  return html`
    <div>
      <a class="name" data-stop href=${`#/webhooks/${part(one.id)}`}><b>${one.name}</b></a> <span class="number">${one.url}</span>
      <p class="soft">${one.topics.map((topic) => say(`webhooks.topic.${topic}`)).join(', ')}${one.words && ` · ${say('webhooks.with_words')}`}</p>
      <p class="states"><${State} one=${one} /></p>
      ${one.rotating_until && html`<p class="soft">${say('webhooks.rotating', { at: moment(one.rotating_until) })} <button class="quiet" onClick=${rotated}>${say('webhooks.rotate_end')}</button></p>`}
    </div>
    <div class="deeds">
      <button onClick=${test}>${say('webhooks.test')}</button>
      <button class="quiet" onClick=${pause}>${say(one.paused ? 'webhooks.resume' : 'webhooks.pause')}</button>
      <button class="quiet" onClick=${onEdit}>${say('page.edit')}</button>
      <button class="quiet" onClick=${rotate}>${say('webhooks.rotate')}</button>
      <button class="quiet" onClick=${drop}>${say('page.delete')}</button>
    </div>`;
}

/** How it goes, the worst first. @param {{one: WebhookSeen}} props */
function State({ one }) {
  return html`
    ${one.paused && html`<span class="badge of-draft">${say('webhooks.paused')}</span> `}
    ${one.dead > 0 && html`<span class="badge of-dead">${say('webhooks.dead', { count: figure(one.dead) })}</span> `}
    ${one.failing && html`<span class="badge of-dead">${say(`webhooks.fault.${one.failing}`)}</span> `}
    ${one.dropped > 0 && html`<span class="badge of-dead">${say('webhooks.dropped', { count: figure(one.dropped) })}</span> `}
    <span>${say('webhooks.waiting', { count: figure(one.waiting) })}</span> · <span>${say('webhooks.delivered', { count: figure(one.delivered) })}</span>`;
}

/** @param {{one: WebhookForm, list: WebhookList, put: (form: WebhookForm) => Promise<void>, onDone: () => void}} props */
function Form({ one, list, put, onDone }) {
  const [now, setNow] = useState(wish(one));
  const first = useRef(/** @type {HTMLInputElement | null} */ (null));
  useLayoutEffect(() => { first.current?.focus(); }, []);
  const set = (/** @type {Partial<WebhookForm>} */ change) => setNow({ ...now, ...change });
  const save = async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (await act(() => put(now).then(() => true))) { tell(say('page.saved')); onDone(); }
  };
  return html`
    <form class="fields form" onSubmit=${save}>
      <${Field} label=${say('webhooks.name')}><input type="text" ref=${first} required maxlength="60" autocomplete="off" value=${now.name} onInput=${(/** @type {Event} */ event) => set({ name: typed(event) })} /><//>
      <${Field} label=${say('webhooks.url')} wide=${true} hint=${say(list.http ? 'webhooks.url_hint_http' : 'webhooks.url_hint')}><input type="url" required maxlength="500" placeholder="https://" autocomplete="off" value=${now.url} onInput=${(/** @type {Event} */ event) => set({ url: typed(event) })} /><//>
      <${Checks} label=${say('webhooks.topics')} options=${list.topics.map((value) => ({ value, label: say(`webhooks.topic.${value}`) }))} value=${now.topics}
        onChange=${(/** @type {string[]} */ topics) => set({ topics })} />
      <fieldset class="field wide">
        <legend>${say('webhooks.words')}</legend>
        <div class="checks"><label class="check"><input type="checkbox" checked=${now.words} onChange=${() => set({ words: !now.words })} /> ${say('webhooks.words_hint')}</label></div>
      </fieldset>
      <div class="deeds wide"><button type="button" onClick=${onDone}>${say('page.cancel')}</button><button class="main" disabled=${now.topics.length === 0}>${say('page.save')}</button></div>
    </form>`;
}
