// A new password. Other browsers of hers are signed out by it; this one stays.
import { useState } from 'preact/hooks';
import { post } from '../office/ask.js';
import { me, meet } from '../office/me.js';
import { act } from '../office/notice.js';
import { Field, Page, typed } from '../office/page.js';
import { moment, say } from '../office/words.js';
import { Empty, html } from '../view.js';

export function Password() {
  const { has_password: has, password_at: at, shortest, id } = me.value;
  const [now, setNow] = useState({ old: '', new: '', again: '' });
  const set = (/** @type {keyof typeof now} */ name) => (/** @type {Event} */ event) => setNow({ ...now, [name]: typed(event) });
  const differ = now.again !== '' && now.new !== now.again;
  const save = async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (await act(() => post('password', { old: now.old, new: now.new }), say('password.done')) === undefined) return;
    setNow({ old: '', new: '', again: '' });
    await meet();
  };
  return html`
    <${Page} name="password">
      ${!has ? html`<${Empty} title=${say('password.provider')} />` : html`
        <form class="form one" onSubmit=${save}>
          <p class="soft">${at ? say('password.at', { at: moment(at) }) : say('password.from_file')}</p>
          <input type="hidden" name="username" autocomplete="username" value=${id} />
          <${Field} label=${say('password.old')}><input type="password" required autocomplete="current-password" value=${now.old} onInput=${set('old')} /><//>
          <${Field} label=${say('password.new')} hint=${say('password.rule', { shortest })}><input type="password" required minlength=${shortest} autocomplete="new-password" value=${now.new} onInput=${set('new')} /><//>
          <${Field} label=${say('password.again')} hint=${differ && html`<strong class="wrong">${say('password.differ')}</strong>`}><input type="password" required autocomplete="new-password" value=${now.again} onInput=${set('again')} /><//>
          <div class="deeds"><button class="main" disabled=${differ}>${say('password.change')}</button></div>
        </form>`}
    <//>`;
}
