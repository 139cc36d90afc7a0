/* Puts what the node has drawn into the page. The same screen again is changed in place, so that focus, the keyboard,
   letters that are being composed and what a screen reader has read stay where they are. */

const policy = /** @type {any} */ (globalThis).trustedTypes?.createPolicy('minwon', { createHTML: (/** @type {string} */ html) => html });

/** @param {string} id */
export const byId = id => /** @type {HTMLElement} */ (document.getElementById(id));

/** @param {string} html of ours, escaped by the node */
export function parse(html) {
  const template = document.createElement('template');
  template.innerHTML = policy ? policy.createHTML(html) : html;
  return template.content;
}

/** @param {string} key @param {Record<string, unknown>} values */
export function say(key, values = {}) {
  const words = JSON.parse(byId('foot').dataset.words ?? '{}');
  return String(words[key] ?? '').replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ''));
}

/** Said by a screen reader, seen by nobody. @param {string} words */
export function announce(words) {
  const place = byId('announce');
  place.textContent = '';
  if (words) setTimeout(() => { place.textContent = words; }, 50);
}

/** A line on top of the screen. @param {string} words @param {boolean} bad */
export function notice(words, bad = false) {
  document.getElementById('notice')?.remove();
  if (!words) return;
  const line = document.createElement('p');
  line.id = 'notice';
  line.className = bad ? 'notice bad' : 'notice';
  line.textContent = words;
  byId('main').prepend(line);
  if (line.getBoundingClientRect().top < 0) line.scrollIntoView({ block: 'start' });
  announce(words);
}

/** @param {{number: number, language: string, html: string}} screen @returns {boolean} whether it is another screen */
export function draw(screen) {
  const fresh = parse(screen.html), main = byId('main');
  const next = /** @type {HTMLElement} */ (fresh.querySelector('main'));
  const other = main.dataset.number !== next.dataset.number;
  for (const id of ['head', 'foot']) {
    const part = fresh.querySelector('#' + id);
    if (part) morph(byId(id), /** @type {HTMLElement} */ (part));
  }
  document.documentElement.lang = screen.language;
  const before = document.getElementById('notice')?.textContent;
  const hadErrors = document.getElementById('errors')?.textContent;
  if (other) {
    main.replaceWith(document.importNode(next, true));
    scrollTo(0, 0);
    byId('title').focus({ preventScroll: true });
  } else {
    morph(main, next);
  }
  const errors = document.getElementById('errors');
  if (errors && errors.textContent !== hadErrors) errors.focus();
  const words = document.getElementById('notice')?.textContent ?? '';
  if (words && (other || words !== before)) announce(words);
  return other;
}

/** Make one tree like the other, keeping what can be kept. @param {Element} old @param {Element} next */
function morph(old, next) {
  if (!(old instanceof HTMLElement && next instanceof HTMLElement) && old.outerHTML === next.outerHTML) return;
  value(old, next);
  for (const { name } of [...old.attributes]) if (!next.hasAttribute(name) && name !== 'aria-busy') old.removeAttribute(name);
  for (const { name, value } of next.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  if (old.hasAttribute('data-own') || old instanceof HTMLTextAreaElement) return;
  let at = old.firstChild;
  for (const child of [...next.childNodes]) {
    let same = at;  // white space between elements is looked for here alone, elements further on, too
    while (same && child instanceof Element && !alike(same, child)) same = same.nextSibling;
    if (same && !alike(same, child)) same = null;
    if (!same) { old.insertBefore(document.importNode(child, true), at); continue; }
    while (at && at !== same) { const gone = at; at = at.nextSibling; gone.remove(); }
    at = same.nextSibling;
    if (same instanceof Element) morph(same, /** @type {Element} */ (child));
    else if (same.nodeValue !== child.nodeValue) same.nodeValue = child.nodeValue;
  }
  while (at) { const gone = at; at = at.nextSibling; gone.remove(); }
}

/** @param {Node} a @param {Node} b */
function alike(a, b) {
  return a.nodeName === b.nodeName && (!(a instanceof Element) || key(a) === key(/** @type {Element} */ (b)));
}

/** What an element is: a notice that appears is not the heading that stood there. @param {Element} e */
function key(e) {
  const radio = e instanceof HTMLInputElement && e.type === 'radio' ? e.value : '';
  return e.id || (e.getAttribute('name') ?? '') + radio || e.classList[0];
}

/** What the node has newly filled in (keys of the telephone) is shown, but not over what a finger writes just now. @param {Element} old @param {Element} next */
function value(old, next) {
  const text = old instanceof HTMLTextAreaElement || old instanceof HTMLInputElement;
  if (!text || !(next instanceof HTMLTextAreaElement || next instanceof HTMLInputElement)) return;
  if (old instanceof HTMLInputElement && (old.type === 'radio' || old.type === 'checkbox')) {
    if (old.defaultChecked !== /** @type {HTMLInputElement} */ (next).defaultChecked) old.checked = !old.defaultChecked;
  } else if (old.type !== 'file' && old.defaultValue !== next.defaultValue) {
    const written = old === document.activeElement && old.value !== old.defaultValue;
    const fresh = next.defaultValue;
    if (old instanceof HTMLTextAreaElement) { const kept = old.value; old.defaultValue = fresh; old.value = written ? kept : fresh; }
    else if (!written) old.value = fresh;
  }
}
