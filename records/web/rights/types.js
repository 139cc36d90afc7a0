// What the server says of time and rights (records/routes/rights.py, audit.py).

/** @typedef {{kind: 'contact' | 'person', id: string}} Subject */
/** @typedef {{hold_id: string, title: string, subjects: Subject[], reason: string, by: string, at: string, until: string | null, ended_by: string, ended_at: string | null, ended_why: string}} Hold */
/** @typedef {{kind: string, before: string, gone: number, held: number, left: number, freed: number}} Purged */
/** @typedef {{report_id: string, begun: string, beat: string, state: 'running' | 'done' | 'stopped' | 'broken_off', by: string, dry: boolean, kinds: Purged[]}} Report */
/** @typedef {{kind: string, days: number, before: string}} Term */
/** @typedef {{terms: Term[], hour: number | null, reports: Report[]}} Retention */
/** @typedef {{work_id: string, kind: string, state: 'running' | 'done' | 'failed', done: number, of: number, result: any, fault: string}} Work */
/** @typedef {{person: string, contacts: string[], texts: number, callbacks: number, follow_ups: number, recordings: number, facts: number, opted_out: boolean, held: string[], held_by: string[]}} Found */
/** @typedef {{contacts: number, recordings: number, pictures: number, others: number, held: string[], held_by: string[], opted_out: boolean}} Deleted */
/** @typedef {{who: string, deed: string, thing: string, subject: string, person: string, address: string, reason: string, detail: string}} Note */
/** @typedef {{number: number, at: string, note: Note, chain: string}} AuditLine */
/** @typedef {{lines: AuditLine[], more: boolean, names: Record<string, string>}} AuditPage */
/** @typedef {{who: string, deed: string, thing: string, times: number, people: number}} Tally */
/** @typedef {{month: string, by: string, at: string, remarks: string}} Review */
/** @typedef {{month: string, tally: Tally[], reviews: Review[], due: string[], names: Record<string, string>}} Month */
/** @typedef {{lines: number, first: number, last: number, head: string, anchors: number, broken: number, why: string}} Verdict */

export {};
