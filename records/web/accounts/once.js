// What is shown this once: a one-time code, a token. It can be copied, and stays until it is put away.
import { useState } from 'preact/hooks';
import { say } from 'desk/office/words.js';
import { html } from 'desk/view.js';

/** @param {{title: string, secret: string, hint: string, onDone: () => void}} props */
export function Once({ title, secret, hint, onDone }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(secret);
    setCopied(true);
  };
  return html`
    <section class="once" role="status" aria-label=${title}>
      <h2>${title}</h2>
      <p><output class="secret" tabindex="0">${secret}</output></p>
      <p class="soft">${hint}</p>
      <div class="deeds">
        ${navigator.clipboard && html`<button onClick=${copy}>${say(copied ? 'accounts.copied' : 'accounts.copy')}</button>`}
        <button class="main" autofocus onClick=${onDone}>${say('accounts.kept')}</button>
      </div>
    </section>`;
}
