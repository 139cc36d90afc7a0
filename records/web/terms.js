// What records may say: results, categories, departments, names. Read once; asked again when something waits.
import { computed, signal } from '@preact/signals';
import { get } from 'desk/office/ask.js';
import { language, say } from 'desk/office/words.js';

/** @type {import('@preact/signals').Signal<import('./types.js').Terms>} */
export const terms = signal({ results: [], categories: [], departments: [], districts: [], people: {}, waiting: 0, today: '' });

export async function loadTerms() {
  terms.value = await get('terms');
}

/** How a result is called. @param {string} code */
export function resultName(code) {
  const one = terms.value.results.find((result) => result.code === code);
  return one ? one[language.value] : code;
}

/** How somebody is called; the clock has a name too. @param {string} id */
export const personName = (id) => (id === 'minwon' ? say('contacts.clock') : terms.value.people[id] ?? id);

/** A path of the category tree, and each of its branches, as choices. */
export const categoryOptions = computed(() => {
  const paths = new Set(terms.value.categories.flatMap((path) => path.split('>').map((_, i, all) => all.slice(0, i + 1).join('>'))));
  return [...paths].sort().map((value) => ({ value, label: levels(value) }));
});

export const resultOptions = computed(() => terms.value.results.map((one) => ({ value: one.code, label: one[language.value] })));

export const personOptions = computed(() => Object.entries(terms.value.people)
  .map(([value, label]) => ({ value, label })).sort((a, b) => a.label.localeCompare(b.label, 'ko')));

/** @param {string[]} names */
export const plainOptions = (names) => names.map((value) => ({ value, label: value }));

/** @param {string} path */
export const levels = (path) => path.split('>').join(' › ');
