// Who works here and what she may do. The server enforces it; here it only decides what is shown.
import { signal } from '@preact/signals';
import { get } from './ask.js';

/** @typedef {'agent' | 'editor' | 'owner' | 'supervisor' | 'admin'} Role */
/** @typedef {{id: string, name: string, roles: Role[], department: string, department_id: string, centre: string, second_reader: boolean}} Me */

export const me = signal(/** @type {Me} */ ({ id: '', name: '', roles: [], department: '', department_id: '', centre: '', second_reader: false }));

export async function meet() {
  me.value = await get('me');
}

/** @param {Role[]} roles */
export const may = (...roles) => me.value.roles.some((role) => role === 'admin' || roles.includes(role));

/**
 * An editor writes all entries, an owner those of her department.
 * @param {string} departmentId of the entry
 */
export const mayWrite = (departmentId) => may('editor') || (may('owner') && departmentId !== '' && departmentId === me.value.department_id);
