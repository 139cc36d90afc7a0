// Who may write which entry.
import { may, me } from '../office/me.js';

/**
 * An editor writes all entries, an owner those of her department.
 * @param {string} departmentId of the entry
 */
export const mayWrite = (departmentId) => may('editor') || (may('owner') && departmentId !== '' && departmentId === me.value.department_id);
