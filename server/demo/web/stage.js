// Shows the smartphone of the caller who talks now. The stage asks once a second; the phone's own page is told everything at once.
const phone = /** @type {HTMLIFrameElement} */ (document.getElementById('phone'));
let shown = '';

async function look() {
  try {
    const answer = await fetch('/demo/now');
    if (answer.status === 401) location.assign('/signin?next=/demo');
    const { page } = await answer.json();
    if (page && page !== shown) {
      shown = page;
      phone.src = '/demo/phone';
    }
  } catch {
    // The demo has ended, or is just starting: what is shown stays.
  }
  setTimeout(look, 1000);
}

look();
