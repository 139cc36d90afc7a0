// The telephone at which this browser stands: remembered here, so that it is typed once.
const KEPT = 'minwon.extension';
const field = /** @type {HTMLInputElement | null} */ (document.getElementById('extension'));
if (field && !field.value) field.value = localStorage.getItem(KEPT) ?? '';
field?.form?.addEventListener('submit', () => localStorage.setItem(KEPT, field.value.trim()));
