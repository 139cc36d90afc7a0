// Deleting what others may use: asked first; where it is in use, an heir is asked for; what nobody used can be brought back.
import { loadStructure } from './structure.js';
import { part, post } from '../office/ask.js';
import { confirm } from '../office/confirm.js';
import { act, tell } from '../office/notice.js';
import { figure, say } from '../office/words.js';

/**
 * @param {'departments' | 'people' | 'categories'} kind
 * @param {{id: string, name: string}} record
 * @param {{value: string, label: string}[]} heirs
 */
export async function drop(kind, record, heirs) {
  const { id, name } = record;
  if ((await confirm({ title: say('drop.title', { name }), text: say(`drop.${kind}`), yes: say('page.delete'), danger: true })) === null) return;
  const path = `${kind}/${part(id)}/drop`;
  try {
    await post(path, { heir_id: '' });
    // Nothing named it: a new record with the same content is as good.
    tell(say('drop.done', { name }), () => act(async () => {
      await post(kind, { ...record, id: '' });
      await loadStructure();
    }));
  } catch (trouble) {
    const { code, more } = /** @type {import('../office/ask.js').Fault} */ (trouble);
    if (code !== 'in_use') {
      await act(() => Promise.reject(trouble));
      return;
    }
    const heir = await confirm({
      title: say('drop.in_use', { name, users: figure(more.users) }), text: say('drop.heir_text'), yes: say('drop.hand_over'), danger: true,
      choose: { label: say('drop.heir'), options: heirs },
    });
    if (heir === null) return;
    await act(() => post(path, { heir_id: heir }), say('drop.handed_over', { name, users: figure(more.users) }));
  }
  await loadStructure();
}
