// Questions to the server. A refusal is a `Fault` with a sentence for whoever works here.
import { half, known, say } from './words.js';

/** Where the page's own addresses begin: <html data-api>. */
const API = document.documentElement.dataset.api ?? '';

export class Fault extends Error {
  /** @param {string} code @param {string} message @param {any} [more] what the answer holds besides: users, merge */
  constructor(code, message, more) {
    super(known(`error.${code}`) ? say(`error.${code}`, more) : half(message));
    this.code = code;
    this.more = more;
  }
}

/**
 * The answer as it came, for whoever wants no JSON of it.
 * @param {string} path below the API
 * @param {RequestInit} [options]
 * @returns {Promise<Response>}
 */
export async function answered(path, options) {
  let answer;
  try {
    answer = await fetch(`${API}${path}`, options);
  } catch (trouble) {
    if (options?.signal?.aborted) throw trouble;
    throw new Fault('offline', '');
  }
  // Nothing that was typed may go with the page: she signs in beside it, then tries again.
  if (answer.status === 401) throw new Fault('signed_out', '');
  if (answer.ok) return answer;
  const content = await read(answer);
  throw new Fault(content?.code ?? 'offline', content?.message ?? '', content);
}

/** An answer that breaks off, or that nobody waits for any more, is no answer: null. @param {Response} answer */
const read = (answer) => answer.json().catch(() => null);

/**
 * @param {string} path below the API
 * @param {RequestInit} [options]
 * @returns {Promise<any>}
 */
async function ask(path, options) {
  const answer = await answered(path, options);
  if (answer.status === 204) return null;
  const content = await read(answer);
  if (content === null) throw new Fault('offline', '', content);
  return content;
}

/** @param {string} path @param {Record<string, string | number | undefined>} [query] @param {AbortSignal} [signal] */
export function get(path, query, signal) {
  const given = Object.entries(query ?? {}).filter(([, value]) => value !== undefined && value !== '');
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)]));
  return ask(given.length ? `${path}?${text}` : path, { signal });
}

/** @param {string} path @param {unknown} [content] @param {AbortSignal} [signal] */
export const post = (path, content, signal) =>
  ask(path, { method: 'POST', signal, ...(content !== undefined && { body: JSON.stringify(content) }) });

/**
 * A file, with how far it is. `fetch` does not tell that, XMLHttpRequest does.
 * @param {string} path
 * @param {File} file
 * @param {(share: number) => void} progress 0..1
 * @returns {Promise<any>}
 */
export function upload(path, file, progress) {
  return new Promise((done, failed) => {
    const request = new XMLHttpRequest();
    request.open('POST', `${API}${path}`);
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    request.upload.onprogress = (event) => { if (event.lengthComputable) progress(event.loaded / event.total); };
    request.onerror = () => failed(new Fault('offline', ''));
    request.onload = () => {
      let content;
      try {
        content = JSON.parse(request.responseText || 'null');
      } catch {
        content = null;
      }
      if (request.status < 300) done(content);
      else failed(new Fault(request.status === 401 ? 'signed_out' : content?.code ?? 'offline', content?.message ?? '', content));
    };
    request.send(file);
  });
}

/** @param {string} id */
export const part = (id) => encodeURIComponent(id);
