// What the wall's WebSocket says (agent_assist/wall/rows.py, messages.py, board.py). Types alone. Absent = the usual value.

/**
 * @typedef {import('../types.js').AgentState} AgentState
 * @typedef {'menu' | 'queued' | 'ringing' | 'talking'} Stage
 * @typedef {'listen' | 'whisper' | 'barge'} Mode
 *
 * @typedef {{name: string, state?: AgentState, since?: string, present?: boolean, team?: string, department?: string, queues?: string[], extension?: string, call?: string, reason?: string, by?: string, leaving?: string, leaving_by?: string, unseen?: number}} AgentRow
 * @typedef {{started: string, stage?: Stage, since?: string, number?: string, name?: string, called?: string, way?: 'bridge' | 'recording' | 'fork', agent?: string, agent_name?: string, position?: number, queue?: string, held?: boolean, transfer?: string, transfer_to?: string, supervisor?: string, mode?: Mode, words?: string, words_by?: 'caller' | 'agent' | 'third', topic?: string, category?: string, language?: string, grade?: 'good' | 'fair' | 'poor' | 'none', causes?: string[], alert?: string, alarms?: string[]}} CallRow
 * @typedef {{kind: string, at: string, call?: string, agent?: string, agent_name?: string, speaker?: string, words?: string[], state?: string, steps?: string[], detail?: string, over?: boolean, taken_by?: string, taken_at?: string}} AlertRow
 * @typedef {{opened: string, state?: 'waiting' | 'assigned' | 'answered', channel?: string, number?: string, owed_since?: string, overdue_at?: string, alert_at?: string, undelivered?: boolean, agent?: string, agent_name?: string, queue?: string, words?: string, topic?: string}} WrittenRow
 * @typedef {{terms: string[], since: string, district?: string, calls?: number, usual?: number, quotes?: string[], entry?: string, seen_by?: string}} IssueRow
 * @typedef {{waiting?: number, longest_since?: string, expect_s?: number}} QueueRow
 * @typedef {{offered?: number, answered?: number, abandoned?: number, level_now?: number, level_today?: number, target?: number, target_s?: number, asa_s?: number, aht_s?: number, texts?: number}} FiguresRow
 * @typedef {{agents: Record<string, AgentRow>, calls: Record<string, CallRow>, alerts: Record<string, AlertRow>, written: Record<string, WrittenRow>, issues: Record<string, IssueRow>, house: {queue: QueueRow, figures: FiguresRow}}} Picture
 * @typedef {{type: 'WallPicture', agent: {id: string, name: string, roles: string[], extension?: string, team?: string}, centre: string, now: string, reasons: string[], picture: Picture}} WholeMessage
 * @typedef {{type: 'WallDifference', patch: Record<string, any>}} DifferenceMessage
 * @typedef {{terms: string[], district: string, calls: number, usual: number, since: string}} Topic
 * @typedef {{type: 'Board', centre: string, queue: QueueRow, figures: FiguresRow, agents: Partial<Record<AgentState, number>>, calls: number, in_menu: number, written: number, written_since: string | null, topics: Topic[]}} Board
 */

export {};
