/** A Millrace server inside a program: what the package exports as `millrace/server`. */
export type { LogEntry } from './log.ts';
export { type Millrace, type MillraceOptions, type RunRequest, startMillrace } from './millrace.ts';
export type { RunEvent } from './run-event.ts';
export { type ServedFlow, serveFlow } from './serve-flow.ts';
