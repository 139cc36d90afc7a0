// What the server tells of reports (records/routes/reports.py, core/store/reports.py).

/** @typedef {'day' | 'week' | 'month'} Every */
/** @typedef {{schedule_id: string, title: string, every: Every, hour: number, department: string, formats: ('pdf' | 'xlsx')[], to: string[], active: boolean, by: string, at: string}} Schedule */
/** @typedef {{schedule_id: string, due: string, state: string, tries: number, next_at: string | null, reason: string, to: string[], at: string}} Sending */
/** @typedef {{schedule: Schedule, next: string | null}} ScheduleLine */
/** @typedef {{prints: boolean, mails: boolean, domains: string[], today: string, schedules: ScheduleLine[], sendings: Sending[]}} Desk */
/** @typedef {{job_id: string, format: string, first: string, last: string, state: 'waiting' | 'running' | 'done' | 'failed' | 'stopped', done: number, of: number, trouble: string, name: string}} Job */

export {};
