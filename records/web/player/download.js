// A recording leaves the house: only with a reason, which is noted before a byte is sent.
import { part } from 'desk/office/ask.js';
import { confirm } from 'desk/office/confirm.js';
import { act } from 'desk/office/notice.js';
import { say } from 'desk/office/words.js';
import { saveFile } from '../file.js';

/** @param {import('./player.js').Recording} recording */
export async function download(recording) {
  const reason = await confirm({
    title: say('player.download_title'),
    text: say('player.download_text'),
    yes: say('player.download'),
    write: { label: say('player.download_why'), needed: true },
  });
  if (reason === null) return;
  await act(() => saveFile(`recordings/${part(recording.recording_id)}/download`, { reason }), say('player.downloaded'));
}
