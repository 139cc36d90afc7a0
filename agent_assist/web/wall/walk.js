// Arrow keys: from tile to tile in the grid. (From line to line in a list: office/page.js.)

/** @param {KeyboardEvent} event @param {HTMLElement | undefined} next */
function go(event, next) {
  if (!next) return;
  event.preventDefault();
  next.focus();
  next.scrollIntoView({ block: 'nearest' });
}

/** @param {KeyboardEvent} event */
export function walkGrid(event) {
  const list = /** @type {HTMLElement[]} */ ([.../** @type {HTMLElement} */ (event.currentTarget).querySelectorAll('[data-stop]')]);
  const here = list.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  if (here < 0) return;
  if (event.key === 'ArrowRight' || event.key === 'ArrowLeft') {
    go(event, list[here + (event.key === 'ArrowRight' ? 1 : -1)]);
  } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
    const box = list[here].getBoundingClientRect();
    const below = event.key === 'ArrowDown';
    const rows = list.map((one) => ({ one, at: one.getBoundingClientRect() })).filter(({ at }) => (below ? at.top > box.top + 1 : at.top < box.top - 1));
    const nearest = below ? Math.min(...rows.map(({ at }) => at.top)) : Math.max(...rows.map(({ at }) => at.top));
    const line = rows.filter(({ at }) => Math.abs(at.top - nearest) < 2).sort((a, b) => Math.abs(a.at.left - box.left) - Math.abs(b.at.left - box.left));
    go(event, line[0]?.one);
  }
}
