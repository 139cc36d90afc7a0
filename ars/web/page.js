/* The caller's page: hears the node, says what is pressed. Without it the page's forms do the same by themselves. */

import { opened, put, putAll, unsent, writing } from './captions.js';
import { byId, draw, notice, parse, say } from './draw.js';
import { forget, keep, kept, photo, restore, values } from './form.js';
import { open } from './line.js';

const root = document.documentElement;
const base = location.pathname.replace(/\/(search)?$/, '');
let keys = kept?.getItem('keys') !== 'off';
/** When form or page are over, by our own clock; 0 = not soon. */
let ends = 0;
let warned = false;
let marks = 0;
/** What the status line says when we are connected. */
let status = byId('says').textContent ?? '';

/** @type {Record<string, (message: any) => void>} */
const hearing = {
  Screen(screen) {
    const other = draw(screen);
    status = byId('says').textContent ?? '';
    settle(other);
    if (other) { forget(); restore(); opened(); }
    line.send({ type: 'Seen', number: screen.number }, '', () => new URLSearchParams());
  },
  Status(news) {
    byId('status').className = 'status ' + news.phase;
    status = news.text;
    if (byId('says').textContent !== news.text) byId('says').textContent = news.text;
    for (const id of ['place', 'wait']) {
      const box = document.getElementById(id), words = news[id];
      if (box) { box.hidden = !words; if (words) /** @type {HTMLElement} */ (box.querySelector('dd')).textContent = words; }
    }
    until(news.left_s);
  },
  Caption: put,
  Captions: news => putAll(news.lines),
  Written: () => undefined,
  Found(news) {
    document.getElementById('found')?.replaceChildren(parse(news.html));
    release();
  },
  Photo: () => undefined,
  Refused(news) {
    release();
    if (news.mark) unsent(news.mark, write);
    notice(news.text || say('page.tap_offline'), true);
  },
};

const line = open(base, message => hearing[message.type]?.(message), alive => {
  byId('status').classList.toggle('lost', !alive);
  byId('says').textContent = alive ? status : say('status.lost');
  if (!alive) release();
});

/** @param {string} text */
function write(text) {
  const mark = 'w' + ++marks;
  writing(text, mark);
  const sent = line.send({ type: 'Write', text, mark }, '/write', () => new URLSearchParams({ _text: text, _mark: mark }));
  if (!sent) unsent(mark, write);
  return sent;
}

/** What each form of the page does. @type {Record<string, (form: HTMLFormElement, button: HTMLButtonElement | null) => boolean>} */
const doing = {
  tap: (_form, button) => tap(button?.value ?? '', button),
  form(form, button) {
    const number = Number(/** @type {HTMLInputElement} */ (form.elements.namedItem('_number')).value);
    keep();
    const body = () => { const all = new FormData(form); for (const name of [...all.keys()]) if (all.get(name) instanceof File) all.delete(name); return all; };
    const sent = line.send({ type: 'Submit', number, values: values(form) }, '/form', body);
    if (sent) button?.setAttribute('aria-busy', 'true');
    return sent;
  },
  write(form) {
    const input = /** @type {HTMLInputElement} */ (form.elements.namedItem('_text'));
    const text = input.value.trim();
    if (text) { input.value = ''; write(text); }
    input.focus();
    return true;
  },
  extend: () => line.send({ type: 'Extend' }, '/extend', () => new URLSearchParams()),
  search(form) {
    const query = String(new FormData(form).get('q') ?? '').trim();
    const box = document.getElementById('found');
    if (!query) { box?.replaceChildren(); return true; }
    if (!line.send({ type: 'Search', query }, '/search', () => new URLSearchParams({ q: query }))) return false;
    if (box) box.textContent = say('search.searching');
    return true;
  },
  look(_form, button) {
    if (button) { root.classList.toggle(button.value); settle(false); remember(); }
    return true;
  },
};

/** @param {string} choice @param {Element | null} button */
function tap(choice, button) {
  const number = Number(byId('main').dataset.number);
  const body = () => new URLSearchParams({ _number: String(number), _choice: choice });
  const sent = line.send({ type: 'Tap', number, choice }, '/tap', body);
  if (sent) button?.setAttribute('aria-busy', 'true');
  setTimeout(release, 1500);  // 'say again' changes nothing on the page
  return sent;
}

function release() {
  for (const busy of document.querySelectorAll('[aria-busy]')) busy.removeAttribute('aria-busy');
}

/** What the node does not know of this page. @param {boolean} other whether the screen is another one */
function settle(other) {
  release();
  for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll('[name=_look]')))
    button.setAttribute('aria-pressed', String(root.classList.contains(button.value)));
  for (const button of document.querySelectorAll('[data-keys]')) button.textContent = say(keys ? 'button.keys_off' : 'button.keys_on');
  const left = byId('left').dataset.left;
  if (other || left !== undefined) until(left === undefined ? null : Number(left));
  else tick();
}

function remember() {
  const look = ['large', 'contrast'].filter(name => root.classList.contains(name)).join('.') || '-';
  document.cookie = `minwon_look=${look}; Path=/v/; SameSite=Lax${location.protocol === 'https:' ? '; Secure' : ''}`;
}

/** @param {number | null | undefined} seconds */
function until(seconds) {
  ends = seconds === null || seconds === undefined ? 0 : Date.now() + 1000 * seconds;
  tick();
}

function tick() {
  const left = ends ? Math.max(0, ends - Date.now()) / 1000 : Infinity;
  const box = byId('left'), alarm = byId('alarm'), pressing = left < 120;
  box.hidden = left >= 600;
  const words = say('form.time_left', { minutes: Math.ceil(left / 60) });
  const shown = /** @type {HTMLElement} */ (box.querySelector('b'));
  if (left < 600 && shown.textContent !== words) shown.textContent = words;
  if (pressing !== warned || pressing !== (alarm.textContent !== '')) alarm.textContent = pressing ? say('form.time_short') : '';
  warned = pressing;
}

document.addEventListener('submit', event => {
  const form = /** @type {HTMLFormElement} */ (event.target), act = doing[form.dataset.do ?? ''];
  if (!act) return;
  event.preventDefault();
  const button = /** @type {HTMLButtonElement | null} */ (/** @type {SubmitEvent} */ (event).submitter);
  if (!act(form, button)) notice(say('page.tap_offline'), true);
});

document.addEventListener('input', event => { if (/** @type {Element} */ (event.target).closest('#form')) keep(); });

document.addEventListener('change', event => {
  const input = event.target;
  if (input instanceof HTMLInputElement && input.hasAttribute('data-photo')) photo(input, base);
});

document.addEventListener('click', event => {
  if (!/** @type {Element} */ (event.target).closest('[data-keys]')) return;
  keys = !keys;
  kept?.setItem('keys', keys ? 'on' : 'off');
  settle(false);
});

/* The keys of a keyboard are those of the telephone, unless something is being written or the caller wants it otherwise. */
document.addEventListener('keydown', event => {
  const there = /** @type {Element} */ (event.target);
  if (!keys || event.ctrlKey || event.altKey || event.metaKey || event.repeat || !/^[0-9#*]$/.test(event.key)) return;
  if (there.closest('input, textarea, select, [contenteditable]')) return;
  event.preventDefault();
  if (!tap(event.key, null)) notice(say('page.tap_offline'), true);
});

setInterval(tick, 1000);
root.classList.add('js');
forget();
restore();
opened();
settle(true);
