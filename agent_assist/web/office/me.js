// Who works here and what she may do. The server enforces it; here it only decides what is shown.
import { signal } from '@preact/signals';
import { get } from './ask.js';

/** @typedef {'agent' | 'editor' | 'owner' | 'supervisor' | 'admin'} Role */
/** @typedef {{id: string, name: string, roles: Role[], department: string, centre: string} & Record<string, any>} Me what all pages need; a room's own answer may say more */

export const me = signal(/** @type {Me} */ ({ id: '', name: '', roles: [], department: '', centre: '' }));

export async function meet() {
  me.value = await get('me');
}

/** @param {Role[]} roles */
export const may = (...roles) => me.value.roles.some((role) => role === 'admin' || roles.includes(role));
