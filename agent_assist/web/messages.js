// The desk's words: `say('queue.waiting', {count: 3})` anywhere.
import { catalogueOf } from './catalogue.js';

/** @typedef {import('./catalogue.js').Language} Language */

export const { language, speak, say, known } = catalogueOf(['/desk/static/messages/'], 'desk.title');
