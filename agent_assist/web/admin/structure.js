// Departments, people and categories: loaded once, asked for again after every change; names for ids everywhere.
import { computed, signal } from '@preact/signals';
import { get } from '../office/ask.js';

/** @typedef {import('./types.js').Structure} Structure */

/** @type {import('@preact/signals').Signal<Structure>} */
export const structure = signal({ departments: [], people: [], categories: [] });
/** Sign-in name -> name. @type {import('@preact/signals').Signal<Record<string, string>>} */
export const agents = signal({});

export async function loadStructure() {
  structure.value = await get('structure');
}

/** How many entries each is named by: they follow it. @type {import('@preact/signals').Signal<{departments: Record<string, number>, people: Record<string, number>}>} */
export const use = signal({ departments: {}, people: {} });

/** Only a help: without it the pages work. */
export async function loadUse() {
  use.value = await get('structure/use').catch(() => use.value);
}

export async function loadNames() {
  agents.value = await get('names');
}

/** Who wrote it; an import is nobody. @param {string} id */
export const nameOf = (id) => agents.value[id] ?? id;

const departments = computed(() => new Map(structure.value.departments.map((one) => [one.id, one])));
const people = computed(() => new Map(structure.value.people.map((one) => [one.id, one])));
const categories = computed(() => new Map(structure.value.categories.map((one) => [one.id, one])));

/** @param {string} id */
export const departmentOf = (id) => departments.value.get(id);
/** @param {string} id */
export const personOf = (id) => people.value.get(id);

/** '민원서류 › 여권'. @param {string} id */
export function pathOf(id) {
  const names = [];
  const seen = new Set();
  for (let at = categories.value.get(id); at && !seen.has(at.id); at = categories.value.get(at.parent_id)) {
    seen.add(at.id);
    names.unshift(at.name);
  }
  return names.join(' › ');
}

/** @typedef {{category: import('./types.js').Category, depth: number, children: number}} Branch */

/** The tree from top to bottom, as it is read. @type {import('@preact/signals').ReadonlySignal<Branch[]>} */
export const tree = computed(() => {
  /** @type {Map<string, import('./types.js').Category[]>} */
  const below = new Map();
  for (const one of structure.value.categories) below.set(one.parent_id, [...(below.get(one.parent_id) ?? []), one]);
  /** @type {Branch[]} */
  const found = [];
  /** @param {string} parent @param {number} depth */
  const walk = (parent, depth) => {
    const sisters = (below.get(parent) ?? []).sort((a, b) => a.place - b.place || a.name.localeCompare(b.name, 'ko'));
    for (const category of sisters) {
      found.push({ category, depth, children: below.get(category.id)?.length ?? 0 });
      if (depth < 20) walk(category.id, depth + 1);
    }
  };
  walk('', 0);
  return found;
});

/** @typedef {{value: string, label: string}} Option */

/** @param {import('./types.js').Department} one @returns {Option} */
const department = (one) => ({ value: one.id, label: one.name });
/** @param {import('./types.js').Person} one @returns {Option} */
const person = (one) => ({ value: one.id, label: [one.name, departmentOf(one.department_id)?.name].filter(Boolean).join(' · ') });

// Made once for all fields and all keys that are pressed: there may be thousands.
const offeredDepartments = computed(() => structure.value.departments.filter((one) => !one.closed).map(department));
const offeredPeople = computed(() => structure.value.people.filter((one) => !one.left).map(person));
const offeredCategories = computed(() => tree.value.map(({ category, depth }) => ({ value: category.id, label: `${'\u2003'.repeat(depth)}${category.name}` })));

/** For a choice; a closed department only where it is chosen already. @param {string} [chosen] */
export function departmentOptions(chosen) {
  const one = chosen ? departmentOf(chosen) : undefined;
  return one?.closed ? [...offeredDepartments.value, department(one)] : offeredDepartments.value;
}

/** For a choice; who has left only where she is chosen already. @param {string} [chosen] */
export function personOptions(chosen) {
  const one = chosen ? personOf(chosen) : undefined;
  return one?.left ? [...offeredPeople.value, person(one)] : offeredPeople.value;
}

export const categoryOptions = () => offeredCategories.value;
