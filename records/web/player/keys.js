// The player's keys, where nobody types: space, arrows, + and -, /.

/**
 * @param {import('./sound.js').Sound} sound
 * @param {() => void} search
 * @returns {() => void} no more
 */
export function keysOf(sound, search) {
  /** @type {Record<string, () => unknown>} */
  const deeds = {
    ' ': () => sound.toggle(),
    ArrowLeft: () => sound.seek(sound.at.value - 5),
    ArrowRight: () => sound.seek(sound.at.value + 5),
    '+': () => sound.stepSpeed(1),
    '=': () => sound.stepSpeed(1),
    '-': () => sound.stepSpeed(-1),
    '/': search,
  };
  const press = (/** @type {KeyboardEvent} */ event) => {
    const { target } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || document.querySelector('dialog[open]')) return;
    if (target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return;
    if (event.key === ' ' && (target instanceof HTMLButtonElement || target instanceof HTMLAnchorElement)) return;
    const deed = deeds[event.key];
    if (!deed) return;
    event.preventDefault();
    void deed();
  };
  addEventListener('keydown', press);
  return () => removeEventListener('keydown', press);
}
