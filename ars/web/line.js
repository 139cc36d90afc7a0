/* The line to the node: a WebSocket; where that is not let through, server-sent events; where those are not either,
   asking every few seconds. What is said goes by the socket, or as a form post. Nothing waits to be sent: a tap that
   cannot go now is refused, for later it would mean something else. */

/** @typedef {{type: string, [name: string]: any}} Message */

const BEAT = 4000;  // ms between our signs of life
const DEAD = 9500;  // ms of silence after which a line is dead
const ASK = 5000;  // ms between two questions when nothing else works
const OVER = 4410, NO_LINE = 4429;  // close codes: load the page again; go on with form posts

/**
 * @param {string} base the page's address
 * @param {(message: Message) => void} hear
 * @param {(alive: boolean) => void} tell
 */
export function open(base, hear, tell) {
  /** @type {WebSocket | EventSource | null} */
  let wire = null;
  let way = 'socket', failed = 0, tries = 0, alive = true, heard = false, last = 0;
  /** @type {number | undefined} */
  let waiting;

  /** @param {boolean} now */
  function set(now) {
    if (now !== alive) tell(alive = now);
  }

  /** @param {string} text */
  function take(text) {
    last = Date.now();
    heard = true;
    tries = failed = 0;
    set(true);
    const message = JSON.parse(text);
    if (message.type === 'Gone' && message.reason !== 'node') location.reload();
    else if (message.type !== 'Still') hear(message);
  }

  function drop() {
    const old = wire;
    wire = null;
    if (old) { old.onmessage = old.onerror = old.onopen = null; if (old instanceof WebSocket) old.onclose = null; old.close(); }
  }

  function lost() {
    drop();
    clearTimeout(waiting);
    if (way === 'ask') return;
    set(false);
    // Between a half and the whole of 0.5, 1, 2, 4, 8 s: not all phones come back at once.
    waiting = setTimeout(dial, Math.min(8000, 500 * 2 ** tries++) * (.5 + Math.random() / 2));
  }

  /** The handshake failed: twice while the browser believes to be on line, and the next way is tried. */
  function refused() {
    if (navigator.onLine && ++failed >= 2) {
      failed = 0;
      way = way === 'socket' ? 'events' : 'ask';
      if (way === 'ask') { drop(); void ask(); return; }
    }
    lost();
  }

  function dial() {
    clearTimeout(waiting);
    drop();
    last = Date.now();
    heard = false;
    if (way === 'socket') {
      const socket = wire = new WebSocket(location.origin.replace(/^http/, 'ws') + base + '/ws');
      let opened = false;
      socket.onopen = () => { opened = true; };
      socket.onmessage = event => take(event.data);
      socket.onclose = event => {
        if (event.code === OVER) location.reload();
        else if (event.code === NO_LINE) { way = 'ask'; void ask(); }
        else if (opened) lost();
        else refused();
      };
    } else {
      const source = wire = new EventSource(base + '/events');
      source.onmessage = event => take(event.data);
      source.onerror = () => (alive ? lost() : refused());
    }
  }

  async function ask() {
    clearTimeout(waiting);
    if (await post('', null)) {
      set(true);
      waiting = setTimeout(ask, ASK);
    } else {
      way = 'socket';
      lost();
    }
  }

  /**
   * @param {string} path
   * @param {FormData | URLSearchParams | null} body
   */
  async function post(path, body) {
    try {
      const answer = await fetch(base + path, {
        method: body ? 'POST' : 'GET', body, headers: { Accept: 'application/json' }, signal: AbortSignal.timeout?.(10_000),
      });
      if (!answer.headers.get('Content-Type')?.startsWith('application/json')) return false;
      const messages = await answer.json();
      if ([403, 404, 410].includes(answer.status) && messages[0]?.why !== 'no_cookie') location.reload();
      else for (const message of messages) hear(message);
      return true;
    } catch {
      return false;
    }
  }

  setInterval(() => {
    if (way === 'ask' || document.hidden) return;
    const silent = Date.now() - last;
    if (wire && silent > DEAD + (way === 'events' ? 10_000 : 0)) (heard ? lost : refused)();  // or swallowed by a proxy
    else if (wire instanceof WebSocket && wire.readyState === WebSocket.OPEN) wire.send('?');
  }, BEAT);
  addEventListener('online', () => { tries = 0; dial(); });
  addEventListener('offline', () => { way = 'socket'; lost(); });
  addEventListener('pagehide', drop);
  addEventListener('pageshow', event => { if (event.persisted) dial(); });
  document.addEventListener('visibilitychange', () => {
    if (document.hidden || way === 'ask') return;
    tries = 0;
    if (wire instanceof WebSocket && wire.readyState === WebSocket.OPEN && Date.now() - last < DEAD) wire.send('?');
    else dial();
  });
  dial();

  return {
    /**
     * Say something; false: it cannot go now, and is not kept.
     * @param {Message} message
     * @param {string} path where it is posted if there is no socket; '' = by socket alone
     * @param {() => FormData | URLSearchParams} body the same as a form
     */
    send(message, path, body) {
      if (wire instanceof WebSocket && wire.readyState === WebSocket.OPEN && alive) {
        wire.send(JSON.stringify(message));
        return true;
      }
      if (!alive || !path) return false;
      void post(path, body()).then(went => {  // no socket, or not yet
        if (went) return;
        lost();
        hear({ type: 'Refused', why: 'offline', text: '', mark: message.mark });
      });
      return true;
    },
    /** Whether anything can be sent. */
    get alive() { return alive; },
  };
}
