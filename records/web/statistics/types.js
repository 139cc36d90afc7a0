// What the server tells of statistics, as far as the pages use it (records/statistics/*.py, records/routes/statistics.py).

/** @typedef {'count' | 'percent' | 'seconds' | 'score'} Unit */
/** @typedef {{id: string, group: string, ko: string, en: string, formula_ko: string, formula_en: string, numerator: string[], denominator: string[], unit: Unit, better: 'more' | 'less' | '', source: string, settles_days: number}} Measure */
/** @typedef {{value: number | null, numerator: number, denominator: number}} Figure */
/** @typedef {{bucket: string, value: string, figures: Figure[], before: Figure[]}} Line */
/** @typedef {{first: string, last: string}} Span */
/** @typedef {{measures: Measure[], total: Line, lines: Line[], compared: Span | null, provisional_from: string | null, labels: Record<string, string>}} Answer */
/** @typedef {{topic: string, count: number, expected: number, growth: number}} Topic */
/** @typedef {{kind: string, first: string, last: string, windows: number, enough: boolean, topics: Topic[]}} Risen */
/** @typedef {{contact_id: string, started: string, channel: string, category: string, department: string, agent: string, wait_ms: number, talk_ms: number}} Fact */
/** @typedef {{contacts: Fact[], next: string}} FactsPage */
/** @typedef {'channel' | 'queue' | 'language' | 'department' | 'category' | 'district' | 'agent'} Dimension */
/** @typedef {'hour' | 'day' | 'week' | 'month' | 'weekday' | 'clock'} Cut */

export {};
