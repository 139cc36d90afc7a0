// The second factor: set up with an authenticator app, recovery codes, taken down.
import { useState } from 'preact/hooks';
import { post } from '../office/ask.js';
import { me, meet } from '../office/me.js';
import { act } from '../office/notice.js';
import { Field, Page, begun, typed } from '../office/page.js';
import { say } from '../office/words.js';
import { html } from '../view.js';

export function Second() {
  const [secret, setSecret] = useState('');
  const [codes, setCodes] = useState(/** @type {string[]} */ ([]));
  const { second, must_second: must } = me.value;
  const begin = async () => {
    const begun = await act(() => post('second'));
    if (begun) setSecret(begun.secret);
  };
  const done = async (/** @type {string[]} */ shown) => {
    setSecret('');
    setCodes(shown);
    await meet();
  };
  return html`
    <${Page} name="second">
      ${codes.length > 0 && html`<${Codes} codes=${codes} onDone=${() => setCodes([])} />`}
      ${secret ? html`<${SetUp} secret=${secret} onDone=${done} onCancel=${() => setSecret('')} />`
        : second.on ? html`<${On} left=${second.recovery} must=${must} onCodes=${done} />`
          : html`
            <section class="form one">
              <p><b>${say('second.off')}</b></p>
              <p class="soft">${say(must ? 'second.must' : 'second.why')}</p>
              <div class="deeds"><button class="main" onClick=${begin}>${say('second.begin')}</button></div>
            </section>`}
    <//>`;
}

/** @param {{secret: string, onDone: (codes: string[]) => void, onCancel: () => void}} props */
function SetUp({ secret, onDone, onCancel }) {
  const [code, setCode] = useState('');
  const confirm = async (/** @type {Event} */ event) => {
    event.preventDefault();
    const shown = await act(() => post('second/confirm', { code }), say('second.done'));
    if (shown) onDone(shown.codes);
    else setCode('');
  };
  return html`
    <form class="form one" onSubmit=${confirm}>
      <ol>
        <li>${say('second.app')}</li>
        <li>${say('second.scan')}
          <img class="qr" src=${`/account/api/second/qr.svg?of=${encodeURIComponent(secret.slice(0, 4))}`} alt=${say('second.qr')} width="200" height="200" />
          <p class="soft">${say('second.type')} <code>${secret}</code></p></li>
        <li>${say('second.show')}</li>
      </ol>
      <${Field} label=${say('second.code')}><input type="text" required ref=${begun} inputmode="numeric" maxlength="12" autocomplete="one-time-code" value=${code} onInput=${(/** @type {Event} */ event) => setCode(typed(event))} /><//>
      <div class="deeds"><button type="button" onClick=${onCancel}>${say('page.cancel')}</button><button class="main">${say('second.confirm')}</button></div>
    </form>`;
}

/** @param {{left: number, must: boolean, onCodes: (codes: string[]) => void}} props */
function On({ left, must, onCodes }) {
  const [password, setPassword] = useState('');
  const renew = async () => {
    const shown = await act(() => post('second/recovery', { old: password }));
    if (shown) onCodes(shown.codes);
    setPassword('');
  };
  const drop = async () => {
    if (await act(() => post('second/drop', { old: password }), say('second.dropped')) === undefined) return;
    await meet();
  };
  return html`
    <form class="form one" onSubmit=${(/** @type {Event} */ event) => { event.preventDefault(); renew(); }}>
      <p><b>${say('second.on')}</b></p>
      <p class=${left < 3 ? 'wrong' : 'soft'}>${say('second.left', { count: left })}</p>
      <${Field} label=${say('password.old')} hint=${say('second.prove')}><input type="password" required autocomplete="current-password" value=${password} onInput=${(/** @type {Event} */ event) => setPassword(typed(event))} /><//>
      <div class="deeds">
        <button disabled=${!password}>${say('second.renew')}</button>
        ${!must && html`<button type="button" class="quiet" disabled=${!password} onClick=${drop}>${say('second.drop')}</button>`}
      </div>
    </form>`;
}

/** @param {{codes: string[], onDone: () => void}} props */
function Codes({ codes, onDone }) {
  return html`
    <section class="form one once" role="status">
      <h2>${say('second.codes')}</h2>
      <p class="soft">${say('second.codes_once')}</p>
      <pre class="codes" tabindex="0">${codes.join('\n')}</pre>
      <div class="deeds"><button onClick=${() => window.print()}>${say('second.print')}</button><button class="main" autofocus onClick=${onDone}>${say('second.kept')}</button></div>
    </section>`;
}
