// A recording leaves the house: only with a reason, which is noted before a byte is sent.
import { Fault, part } from 'desk/office/ask.js';
import { confirm } from 'desk/office/confirm.js';
import { act } from 'desk/office/notice.js';
import { say } from 'desk/office/words.js';

/** @param {import('./player.js').Recording} recording */
export async function download(recording) {
  const reason = await confirm({
    title: say('player.download_title'),
    text: say('player.download_text'),
    yes: say('player.download'),
    write: { label: say('player.download_why'), needed: true },
  });
  if (reason === null) return;
  await act(() => fetchFile(recording.recording_id, reason), say('player.downloaded'));
}

/** @param {string} id @param {string} reason */
async function fetchFile(id, reason) {
  const path = `${document.documentElement.dataset.api}recordings/${part(id)}/download`;
  const answer = await fetch(path, { method: 'POST', body: JSON.stringify({ reason }) }).catch(() => null);
  if (!answer?.ok) {
    const said = await answer?.json().catch(() => null);
    throw new Fault(answer?.status === 401 ? 'signed_out' : said?.code ?? 'offline', said?.message ?? '');
  }
  const name = /filename="([^"]+)"/.exec(answer.headers.get('Content-Disposition') ?? '')?.[1] ?? id;
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await answer.blob());
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
