// The WebSocket that never gives up: comes back with what the page has already, and nothing is missed.

const FIRST_WAIT_MS = 300;
const LONGEST_WAIT_MS = 5000;
const SIGN_IN_OVER = 4401;
/** So often the page asks whether the server is still there; no word until the next time means no. */
const ASK_MS = 8000;

/**
 * @typedef {object} LinkEnds
 * @property {() => string} address           Where it is; asked again for each try, so that it may say what the page has already.
 * @property {string} first                   Type of the message with which the server begins.
 * @property {(message: any) => void} take
 * @property {(status: 'connecting' | 'live' | 'lost') => void} status
 * @property {() => void} signedOut
 */

/** @param {LinkEnds} ends */
export function connect(ends) {
  let wait = FIRST_WAIT_MS;
  /** @type {number | undefined} */
  let timer;
  /** @type {WebSocket | undefined} */
  let socket;
  let heard = true;
  let leaving = false;

  function lost() {
    socket = undefined;
    ends.status('lost');
    // A little chance in the wait, so that a hundred desks do not knock in the same moment.
    timer = setTimeout(open, wait * (0.75 + Math.random() / 2));
    wait = Math.min(wait * 1.7, LONGEST_WAIT_MS);
  }

  function open() {
    clearTimeout(timer);
    const address = new URL(ends.address(), location.href);
    address.protocol = address.protocol.replace('http', 'ws');
    const opened = new WebSocket(address);
    socket = opened;
    heard = true;
    opened.onmessage = ({ data }) => {
      if (socket !== opened) return;
      heard = true;
      const message = JSON.parse(data);
      if (message.type === ends.first) {
        wait = FIRST_WAIT_MS;
        ends.status('live');
      }
      ends.take(message);
    };
    opened.onclose = ({ code }) => {
      if (socket !== opened) return;
      if (code !== SIGN_IN_OVER) lost();
      else if (!leaving) ends.signedOut();
    };
  }

  // A line may die without a word (a cable, a sleeping laptop): only asking tells.
  setInterval(() => {
    if (!socket) return;
    if (!heard) {
      const dead = socket;
      lost();
      dead.close();
    } else if (socket.readyState === WebSocket.OPEN) {
      heard = false;
      socket.send('?');
    }
  }, ASK_MS);

  // Whoever signs out here is led on by the answer to that (to the identity provider, say), not by the line that ends with it.
  addEventListener('submit', (event) => {
    if (!event.defaultPrevented && /** @type {Element} */ (event.target).getAttribute('action') === '/signout') leaving = true;
  });
  addEventListener('online', () => {
    if (!socket) open();
  });
  document.addEventListener('visibilitychange', () => {
    if (!socket && !document.hidden) open();
  });
  ends.status('connecting');
  open();
}
