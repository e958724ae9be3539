import type { Duration } from '../model/duration.ts';
import {
  callback,
  flag,
  invalidOption,
  type Readers,
  readOptions,
  text,
  textList,
  wholeNumber,
} from './option-reader.ts';
import { aboveZero, delays, type Owner, type ParsedDefaults } from './parsed-options.ts';
import type { StandardSchema } from './standard-schema.ts';

/** The options of a flow: Prefect's, in camelCase. */
export interface FlowOptions<I = never> {
  /** Another name, for .with(): a child flow is recorded under it. */
  readonly name?: string;
  /** What the flow may be given: a schema (zod and others, by Standard Schema), a JSON Schema, or an object of defaults. */
  readonly params?: StandardSchema<I & object> | Readonly<Record<string, unknown>>;
  /** One line about it, shown in lists. */
  readonly description?: string;
  /** What a run of it is called, from its params; at the head of its log. */
  readonly runName?: string | ((input: I) => string);
  /** How often the whole function is tried again; calls that succeeded answer from the record. Default 0. */
  readonly retries?: number;
  /** The wait before the next attempt; a list gives the nth wait, its last one repeating. Default 0. */
  readonly retryDelay?: Duration | readonly Duration[];
  /** Looks at the error of a failed attempt: false gives up at once, `{ after }` waits for another time. */
  readonly retry?: (error: unknown) => boolean | { readonly after: Duration };
  /** How long one attempt may take. Default: for ever. */
  readonly timeout?: Duration;
  /** Whether what is printed goes into the log. Default true; a child flow does as its parent does. */
  readonly logPrints?: boolean;
  readonly tags?: readonly string[];
  /** Markdown, shown in the web page. */
  readonly docs?: string;
  /** Who answers for it. Default 'millrace'. */
  readonly owner?: string;
}

/** Flow options that were given, checked. What was not given is absent. */
export interface ParsedFlowOptions {
  readonly name?: string;
  readonly params?: unknown;
  readonly description?: string;
  readonly runName?: string | ((input: unknown) => string);
  readonly retries?: number;
  readonly retryDelay?: number | readonly number[];
  readonly retry?: ParsedDefaults['retry'];
  readonly timeout?: number;
  readonly logPrints?: boolean;
  readonly tags?: readonly string[];
  readonly docs?: string;
  readonly owner?: string;
}

const readers: Readers<ParsedFlowOptions, keyof FlowOptions> = {
  name: (value, refuse) => ({ name: text(value, refuse) }),
  params: (value) => ({ params: value }),
  description: (value, refuse) => ({ description: text(value, refuse) }),
  runName: (value, refuse) => ({
    runName: typeof value === 'function' ? (value as (input: unknown) => string) : text(value, refuse),
  }),
  retries: (value, refuse) => ({ retries: wholeNumber(value, 0, refuse) }),
  retryDelay: (value, refuse) => ({ retryDelay: delays(value, refuse) }),
  retry: (value, refuse) => ({ retry: callback(value, refuse) as ParsedDefaults['retry'] }),
  timeout: (value, refuse) => ({ timeout: aboveZero(value, refuse) }),
  logPrints: (value, refuse) => ({ logPrints: flag(value, refuse) }),
  tags: (value, refuse) => ({ tags: [...new Set(textList(value, refuse))] }),
  docs: (value, refuse) => ({ docs: text(value, refuse) }),
  owner: (value, refuse) => ({ owner: text(value, refuse) }),
};

/** Options that Prefect's flows have and Millrace's do not have yet, or have elsewhere. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  concurrency: 'Limits on flows are not there yet.',
  schedule: 'Give the schedule to .serve({ name, cron }).',
  cron: 'Give the schedule to .serve({ name, cron }).',
  persist: 'Leave it out: what calls give is always recorded.',
  persistResult: 'Leave it out: what calls give is always recorded.',
  validateParameters: 'Leave it out: params are checked when there is a schema.',
  timeoutSeconds: "It is called timeout, and takes seconds, '5m' and the like.",
  retryDelaySeconds: "It is called retryDelay, and takes seconds, '5m' and the like.",
  flowRunName: 'It is called runName.',
  taskRunner: 'Leave it out: calls run side by side as promises do.',
};

/** Reads a flow's options. Throws `invalid_option` or `invalid_duration`. */
export function parseFlowOptions(options: unknown, owner: Owner): ParsedFlowOptions {
  for (const name of Object.keys(Object(options))) {
    const fix = Object.hasOwn(ELSEWHERE, name) ? ELSEWHERE[name] : undefined;
    if (fix !== undefined) throw invalidOption(`${owner.owner} has no option '${name}'`, fix, owner.place);
  }
  return readOptions(options, readers, owner);
}
