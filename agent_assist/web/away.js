// Away, and why: her choice among the city's reasons. F9 goes away without one.
import { useEffect, useRef, useState } from 'preact/hooks';
import { clock } from './format.js';
import { awayReasons, choose, mine } from './house.js';
import { known, say } from './messages.js';
import { html } from './view.js';

/** Of the catalogue, or the city's own words. @param {string | undefined} reason */
export const awayWord = (reason) => (!reason ? '' : known(`away.${reason}`) ? say(`away.${reason}`) : reason);

/** @param {{time: number}} props */
export function Away({ time }) {
  const { state, reason = '' } = mine.value;
  const [open, setOpen] = useState(false);
  const box = useRef(/** @type {HTMLDivElement | null} */ (null));
  const on = state === 'away';
  const reasons = awayReasons.value;
  const asks = reasons.length > 0;
  useEffect(() => {
    if (!open) return undefined;
    const first = box.current?.querySelector('.away-menu button');
    if (first instanceof HTMLElement) first.focus();
    const leave = (/** @type {Event} */ event) => { if (!box.current?.contains(/** @type {Node} */ (event.target))) setOpen(false); };
    document.addEventListener('pointerdown', leave);
    return () => document.removeEventListener('pointerdown', leave);
  }, [open]);
  /** @param {string} why */
  const go = (why) => {
    setOpen(false);
    choose('away', why);
    /** @type {HTMLElement | null | undefined} */ (box.current?.querySelector('button'))?.focus();
  };
  return html`
    <div class=${on ? 'away on' : 'away'} ref=${box} onKeyDown=${(/** @type {KeyboardEvent} */ event) => {
      if (event.key === 'Escape' && open) { event.stopPropagation(); setOpen(false); }
      else if (open) walk(event);
    }}>
      <button aria-pressed=${on} aria-haspopup=${asks ? 'menu' : undefined} aria-expanded=${asks ? open : undefined} disabled=${state === 'talking' || state === 'offered'}
        onClick=${() => (asks ? setOpen(!open) : on || choose('away'))}>
        ${(on && awayWord(reasons.includes(reason) ? reason : '')) || say('state.away')}${on && html` <b>${clock(time)}</b>`}${asks && html` <span aria-hidden="true">▾</span>`}
      </button>
      ${open && html`<div class="away-menu" role="menu" aria-label=${say('away.label')}>
        ${reasons.map((one) => html`<button role="menuitem" key=${one} onClick=${() => go(one)}>${awayWord(one)}</button>`)}
        <button role="menuitem" onClick=${() => go('')}>${say('away.none')}</button>
      </div>`}
    </div>`;
}

/** @param {KeyboardEvent} event */
function walk(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const all = /** @type {HTMLElement[]} */ ([.../** @type {HTMLElement} */ (event.currentTarget).querySelectorAll('.away-menu button')]);
  const next = step && all[all.indexOf(/** @type {HTMLElement} */ (document.activeElement)) + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
}
