// What the server says of accounts, sessions and tokens (server/accounts_routes.py).

/** @typedef {import('desk/office/me.js').Role} Role */
/** @typedef {{id: string, name: string, roles: Role[], team: string, department: string, extension: string, uri: string, queues: string[], auto_answer: boolean, starts: 'away' | 'ready'}} AccountForm */
/** @typedef {AccountForm & {origin: 'file' | 'page' | 'oidc', disabled: boolean, made: string}} Account */
/**
 * @typedef {{account: Account, has_password: boolean, second: {on: boolean, recovery: number}, by_provider: boolean, locked: boolean,
 *   waits_s: number, invited_until: string | null, last_sign_in: string | null, sessions: number}} AccountSeen
 */
/** @typedef {{accounts: AccountSeen[], teams: string[]}} AccountList */
/** @typedef {{code: string, until: string}} Invited */
/** @typedef {{id: string, account_id: string, name: string, made: string, seen: string, ends: string, address: string, browser: string, extension: string, way: 'password' | 'oidc', this: boolean}} SessionSeen */
/** @typedef {{name: string, scopes: string[], by: string, made: string, ends: string | null, used: string | null}} TokenSeen */
/** @typedef {{tokens: TokenSeen[], scopes: string[]}} TokenList */
export {};
