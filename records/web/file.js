// A file that the server gives for a wish: saved under the name that it says.
import { answered } from 'desk/office/ask.js';

/** @param {string} path below the API @param {unknown} wish */
export async function saveFile(path, wish) {
  const answer = await answered(path, { method: 'POST', body: JSON.stringify(wish) });
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await answer.blob());
  link.download = /filename="([^"]+)"/.exec(answer.headers.get('Content-Disposition') ?? '')?.[1] ?? 'file';
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
