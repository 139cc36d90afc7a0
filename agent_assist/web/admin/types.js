// What the server sends, as it is in Python (agent_assist/admin, agent_assist/knowledge, core/store/knowledge.py).
export {};

/** @typedef {'draft' | 'reviewed' | 'published' | 'withdrawn' | 'deleted'} EntryState */
/** @typedef {'save' | 'review' | 'send_back' | 'publish' | 'withdraw' | 'delete' | 'restore'} Step */
/** @typedef {{title: string, url: string}} Reference */
/** @typedef {{id: string, name: string, size: number}} Attachment */
/**
 * @typedef {{title: string, category_id: string, department_id: string, person_id: string, deputy_id: string, phone: string,
 *   hours: string, procedure: string[], body: string, keywords: string[], excludes: string[], links: Reference[],
 *   attachments: Attachment[], message: string, expires: string | null, review_by: string | null, updated: string | null}} Content
 */
/** @typedef {Content & {entry_id: string, version: number, state: EntryState, by: string, why: string, at: string}} EntryVersion */
/**
 * @typedef {{entry_id: string, title: string, category: string, department_id: string, department: string, person: string,
 *   person_id: string, state: EntryState, version: number, published: number, expires: string | null, review_by: string | null,
 *   updated: string | null, at: string, by: string}} EntryHead
 */
/** @typedef {{version: EntryVersion, content: Content, published: number, steps: Step[]}} Opened */
/** @typedef {{field: string, base: string, theirs: string, mine: string}} Conflict */
/** @typedef {{newest: EntryVersion, base: number, mine: Content, merged: Content, conflicts: Conflict[], taken: string[]}} Merge */
/** @typedef {{kind: 'same' | 'removed' | 'added', text: string}} LineChange */
/** @typedef {{field: string, before: string, after: string, lines: LineChange[]}} FieldChange */
/** @typedef {{id: string, name: string, phone: string, hours: string, parent_id: string, closed: boolean}} Department */
/**
 * @typedef {{id: string, name: string, department_id: string, phone: string, duty: string, deputy_id: string,
 *   absent_from: string | null, absent_until: string | null, left: boolean}} Person
 */
/** @typedef {{id: string, name: string, parent_id: string, place: number}} Category */
/** @typedef {{departments: Department[], people: Person[], categories: Category[]}} Structure */
/**
 * @typedef {{task_id: string, kind: 'correction' | 'review' | 'expiry' | 'owner_gone', entry_id: string, version: number,
 *   department_id: string, note: string, by: string, at: string, state: 'open' | 'done' | 'refused', answer: string,
 *   done_by: string, done_at: string | null}} Task
 */
/** @typedef {import('../types.js').Entry} Entry */
/** @typedef {{lay: string, office: string[], state: 'proposed' | 'in_force' | 'off', seen: number, by: string, at: string}} Synonym */
/** @typedef {{name: string, version: number, body: string, by: string, why: string, at: string}} Document */
/**
 * @typedef {{issue_id: string, terms: string[], district: string, calls: number, usual: number, since: string, quotes: string[],
 *   entry_id: string, entry_title: string, state: 'rising' | 'seen' | 'over', by: string}} Issue
 */
/** @typedef {{column: number, name: string, field: string, sure: boolean}} Column */
/** @typedef {{line: number, entry: Entry | null, rejected: string, remarks: string[]}} PreviewRow */
/**
 * @typedef {{header: string[], mapping: {columns: Column[]}, sheets: string[], sheet: string, encoding: string, remarks: string[],
 *   rows: PreviewRow[], total: number}} Preview
 */
/** @typedef {{rows: number, done: number, taken: number, unchanged: number, rejected: number, remarks: number, state: string, resumed_at: number}} Progress */
/**
 * @typedef {{run_id: string, source: string, dry_run: boolean, state: 'running' | 'stopped' | 'done' | 'failed', progress: Progress | null,
 *   seconds: number, seconds_left: number | null, problem: string}} ImportRun
 */
