// The telephone at which this browser stands: remembered here, so that it is typed once.
const KEPT = 'minwon.extension';
const field = /** @type {HTMLInputElement | null} */ (document.getElementById('extension'));
const provider = /** @type {HTMLAnchorElement | null} */ (document.getElementById('provider'));
const keep = () => field && localStorage.setItem(KEPT, field.value.trim());
if (field && !field.value) field.value = localStorage.getItem(KEPT) ?? '';
field?.form?.addEventListener('submit', keep);
// Who signs in by the identity provider names her telephone too.
provider?.addEventListener('click', () => {
  keep();
  const there = new URL(provider.href);
  if (field?.value.trim()) there.searchParams.set('extension', field.value.trim());
  provider.href = there.href;
});
