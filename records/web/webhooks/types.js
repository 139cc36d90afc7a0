// What the server says of receivers (server/webhooks/office.py).

/** @typedef {{name: string, url: string, topics: string[], words: boolean, paused: boolean}} WebhookForm */
/**
 * @typedef {WebhookForm & {id: string, rotating_until: string | null, waiting: number, dead: number, delivered: number, dropped: number,
 *   failing: string, by: string, made: string}} WebhookSeen
 */
/** @typedef {{webhooks: WebhookSeen[], topics: string[], http: boolean}} WebhookList */
/** @typedef {{id: string, secret: string}} WebhookMade */
/**
 * @typedef {{id: string, number: number, topic: string, contact_id: string, state: 'waiting' | 'delivered' | 'dead', tries: number, status: number,
 *   fault: string, made: string, next_at: string | null, done: string | null}} DeliverySeen
 */
/** @typedef {{deliveries: DeliverySeen[], next: number}} DeliveryPage */
export {};
