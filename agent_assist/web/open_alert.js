// Whether an alert still wants somebody.

/** @param {import('./types.js').AlertChanged} alert */
export const isOpen = ({ state }) => state === 'raised' || state === 'handling';
