/** The typed client of the REST API: what the package exports as `millrace/client`. */
export { type Client, type ClientOptions, createClient } from './client.ts';
export { type LiveEvent, type Status, type SubscribeOptions, type Subscription, subscribe } from './events.ts';
export type { components, paths } from './schema.ts';
