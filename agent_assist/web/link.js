// The WebSocket that never gives up: comes back with the call and the last number it has, and nothing is missed.

const FIRST_WAIT_MS = 300;
const LONGEST_WAIT_MS = 5000;
const SIGN_IN_OVER = 4401;

/**
 * @typedef {object} LinkEnds
 * @property {() => {call: string, after: number}} has        What the page has already.
 * @property {(message: import('./types.js').Message) => void} take
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

  function open() {
    clearTimeout(timer);
    const { call, after } = ends.has();
    const address = new URL(`/desk/ws?${new URLSearchParams({ call, after: String(after) })}`, location.href);
    address.protocol = address.protocol.replace('http', 'ws');
    socket = new WebSocket(address);
    socket.onmessage = ({ data }) => {
      const message = JSON.parse(data);
      if (message.type === 'Hello') {
        wait = FIRST_WAIT_MS;
        ends.status('live');
      }
      ends.take(message);
    };
    socket.onclose = ({ code }) => {
      socket = undefined;
      if (code === SIGN_IN_OVER) return ends.signedOut();
      ends.status('lost');
      // A little chance in the wait, so that a hundred desks do not knock in the same moment.
      timer = setTimeout(open, wait * (0.75 + Math.random() / 2));
      wait = Math.min(wait * 1.7, LONGEST_WAIT_MS);
    };
  }

  addEventListener('online', () => {
    if (!socket) open();
  });
  document.addEventListener('visibilitychange', () => {
    if (!socket && !document.hidden) open();
  });
  ends.status('connecting');
  open();
}
