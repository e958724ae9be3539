import { type Duration, parseDuration } from '../model/duration.ts';
import { MillraceError } from '../model/errors.ts';
import { WEIGHT_RULES, type WeightRule } from '../model/priority.ts';
import { isTriggerRule, TRIGGER_RULES } from '../model/trigger-rule.ts';
import { type CacheKeyFunction, cacheBy, KeyPolicy } from './cache-policy.ts';
import {
  callback,
  flag,
  listed,
  oneOf,
  type Readers,
  type Refuse,
  readOptions,
  suggestion,
  text,
  textList,
  wholeNumber,
} from './option-reader.ts';
import type { DefaultArgs, TaskOptions } from './options.ts';
import type { TaskTriggerRule } from './output.ts';
import type { PlaceProbe } from './place.ts';

/** Options that were given, checked and in the units of the spec. What was not given is absent. */
export interface ParsedDefaults {
  readonly retries: number;
  readonly retryDelay: number | readonly number[];
  readonly retryBackoff: number;
  readonly maxRetryDelay: number;
  readonly retry: (error: unknown) => boolean | { readonly after: Duration };
  readonly timeout: number;
  readonly triggerRule: TaskTriggerRule;
  readonly pool: { readonly name: string; readonly slots: number };
  readonly priority: number;
  readonly weightRule: WeightRule;
  readonly limits: { readonly perDag: number | null; readonly perRun: number | null };
  readonly queue: string;
  readonly isolation: 'shared' | 'process';
  /** MiB. */
  readonly memory: number;
  readonly email: readonly string[];
  readonly emailOnFailure: boolean;
  readonly emailOnRetry: boolean;
  readonly dependsOnPast: boolean;
  readonly waitForDownstream: boolean;
  readonly ignoreFirstDependsOnPast: boolean;
}

/** A task's own options: the shared ones, and what only a task can say. */
export interface ParsedOptions extends ParsedDefaults {
  readonly name: string;
  readonly instanceName: (input: unknown) => string;
  readonly docs: string;
  readonly key: string | ((input: unknown) => string);
  readonly cacheKey: KeyPolicy;
  readonly cacheExpiration: number;
  readonly refreshCache: boolean;
}

const defaultReaders: Readers<ParsedDefaults, keyof DefaultArgs> = {
  retries: (value, refuse) => ({ retries: wholeNumber(value, 0, refuse) }),
  retryDelay: (value, refuse) => ({ retryDelay: delays(value, refuse) }),
  retryExponentialBackoff: (value, refuse) => ({ retryBackoff: backoff(value, refuse) }),
  maxRetryDelay: (value) => ({ maxRetryDelay: parseDuration(value as Duration) }),
  retry: (value, refuse) => ({ retry: callback(value, refuse) as ParsedDefaults['retry'] }),
  timeout: (value, refuse) => ({ timeout: aboveZero(value, refuse) }),
  triggerRule: (value) => ({ triggerRule: triggerRule(value) }),
  pool: (value, refuse) => ({ pool: pool(value, refuse) }),
  priority: (value, refuse) => {
    if (Number.isSafeInteger(value)) return { priority: value as number };
    return refuse('is not a whole number', 'Write a whole number; the higher, the sooner.');
  },
  weightRule: (value, refuse) => ({ weightRule: oneOf(value, WEIGHT_RULES, refuse) }),
  limits: (value, refuse) => ({ limits: limits(value, refuse) }),
  queue: (value, refuse) => ({ queue: text(value, refuse) }),
  isolation: (value, refuse) => ({ isolation: oneOf(value, ['shared', 'process'], refuse) }),
  memory: (value, refuse) => ({ memory: mebibytes(value, refuse) }),
  email: (value, refuse) => ({ email: addresses(value, refuse) }),
  emailOnFailure: (value, refuse) => ({ emailOnFailure: flag(value, refuse) }),
  emailOnRetry: (value, refuse) => ({ emailOnRetry: flag(value, refuse) }),
  dependsOnPast: (value, refuse) => ({ dependsOnPast: flag(value, refuse) }),
  waitForDownstream: (value, refuse) => ({ waitForDownstream: flag(value, refuse) }),
  ignoreFirstDependsOnPast: (value, refuse) => ({ ignoreFirstDependsOnPast: flag(value, refuse) }),
};

const taskReaders: Readers<ParsedOptions, keyof TaskOptions> = {
  ...defaultReaders,
  name: (value, refuse) => ({ name: text(value, refuse) }),
  instanceName: (value, refuse) => ({ instanceName: callback(value, refuse) as ParsedOptions['instanceName'] }),
  docs: (value, refuse) => ({ docs: text(value, refuse) }),
  key: (value, refuse) => ({
    key: typeof value === 'function' ? (value as (input: unknown) => string) : text(value, refuse),
  }),
  cacheKey: (value, refuse) => ({ cacheKey: cachePolicy(value, refuse) }),
  cacheExpiration: (value, refuse) => ({ cacheExpiration: aboveZero(value, refuse) }),
  refreshCache: (value, refuse) => ({ refreshCache: flag(value, refuse) }),
};

/** Whose options are read, and where they were written. */
export interface Owner {
  readonly owner: string;
  readonly place: PlaceProbe;
}

/** Reads a task's options. Throws `invalid_option`, `unknown_trigger_rule` or `invalid_duration`. */
export function parseTaskOptions(options: unknown, owner: Owner): Partial<ParsedOptions> {
  return readOptions(options, taskReaders, owner);
}

/** Reads `defaultArgs`; throws as `parseTaskOptions`. */
export function parseDefaultArgs(options: unknown, { owner, place }: Owner): Partial<ParsedDefaults> {
  return readOptions(options, defaultReaders, { owner: `defaultArgs of ${owner}`, place });
}

function cachePolicy(value: unknown, refuse: Refuse): KeyPolicy {
  if (KeyPolicy.is(value)) return value;
  if (typeof value === 'function') return cacheBy.key(value as CacheKeyFunction<never>) as KeyPolicy;
  return refuse('is no cache policy', 'Write inputHash, a policy of cacheBy, or a function that gives the key.');
}

export function delays(value: unknown, refuse: Refuse): number | readonly number[] {
  const parse = (one: unknown) => {
    const ms = parseDuration(one as Duration);
    return ms >= 0 ? ms : refuse('is below zero', 'Write a length of time of zero or more.');
  };
  if (!Array.isArray(value)) return parse(value);
  if (value.length === 0) return refuse('is an empty list', 'Write at least one delay.');
  return value.map(parse);
}

function backoff(value: unknown, refuse: Refuse): number {
  if (typeof value === 'boolean') return value ? 2 : 0;
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value;
  return refuse('is not a factor', 'Write a number such as 2, which doubles each wait, or true for the same.');
}

export function aboveZero(value: unknown, refuse: Refuse): number {
  const ms = parseDuration(value as Duration);
  return ms > 0 ? ms : refuse('is not above zero', 'Write a length of time above zero.');
}

function triggerRule(value: unknown): TaskTriggerRule {
  if (isTriggerRule(value)) return value;
  const rules = TRIGGER_RULES.filter(isTriggerRule);
  throw new MillraceError('unknown_trigger_rule', `there is no trigger rule ${JSON.stringify(value)}`, {
    fix: `${suggestion(value, rules)}The rules are ${listed(rules)}.`,
  });
}

function pool(value: unknown, refuse: Refuse): ParsedDefaults['pool'] {
  if (typeof value === 'string' && value !== '') return { name: value, slots: 1 };
  const { name, slots = 1, ...others } = members(value, refuse);
  if (typeof name !== 'string' || name === '' || Object.keys(others).length > 0) {
    return refuse('is not a pool', 'Write the name of the pool, or { name, slots }.');
  }
  return { name, slots: wholeNumber(slots, 1, refuse) };
}

function limits(value: unknown, refuse: Refuse): ParsedDefaults['limits'] {
  const { perDag, perRun, ...others } = members(value, refuse);
  const other = Object.keys(others)[0];
  if (other) return refuse(`has an unknown member '${other}'`, 'Its members are perDag and perRun.');
  const limit = (given: unknown) => (given === undefined ? null : wholeNumber(given, 1, refuse));
  return { perDag: limit(perDag), perRun: limit(perRun) };
}

function members(value: unknown, refuse: Refuse): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  return refuse('is not an object', 'Write it as { name: value }.');
}

const MIB_OF_UNIT: Readonly<Record<string, number>> = { mb: 1, mib: 1, gb: 1024, gib: 1024 };

function mebibytes(value: unknown, refuse: Refuse): number {
  if (typeof value === 'number') return wholeNumber(value, 1, refuse);
  const [, digits, unit] = (typeof value === 'string' && /^\s*(\d+(?:\.\d+)?)\s*([A-Za-z]+)\s*$/.exec(value)) || [];
  const mib = Math.round(Number(digits) * (MIB_OF_UNIT[unit?.toLowerCase() ?? ''] ?? Number.NaN));
  return mib >= 1 ? mib : refuse('is not an amount of memory', "Write for example '512MB' or '2GB'.");
}

function addresses(value: unknown, refuse: Refuse): readonly string[] {
  // Airflow takes a text with several addresses, too.
  const list = typeof value === 'string' ? value.split(/[,;]\s*/).filter(Boolean) : textList(value, refuse);
  const wrong = list.find((address) => !/^[^@\s]+@[^@\s]+$/.test(address));
  if (wrong !== undefined || list.length === 0) return refuse('is not a list of mail addresses', 'Write name@domain.');
  return list;
}
