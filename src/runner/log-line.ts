import { inspect } from 'node:util';
import type { LogLine } from '../executor/executor.ts';

/** Longest message of one line, in characters; the rest is cut off and said to be. */
export const LONGEST_MESSAGE = 64 * 1024;

/** Writes *** in place of every secret in a text. */
export type Mask = (text: string) => string;

export interface LineParts {
  readonly at: number;
  readonly level: LogLine['level'];
  readonly source: LogLine['source'];
  readonly message: string;
  readonly fields?: Readonly<Record<string, unknown>> | undefined;
}

/** A line as it may leave the process: masked, not too long, and plain JSON. */
export function logLine({ at, level, source, message, fields }: LineParts, mask: Mask): LogLine {
  const masked = mask(message);
  const text =
    masked.length <= LONGEST_MESSAGE
      ? masked
      : `${masked.slice(0, LONGEST_MESSAGE)}… (${masked.length - LONGEST_MESSAGE} more characters)`;
  return fields === undefined
    ? { at, level, source, message: text }
    : { at, level, source, message: text, fields: plainFields(fields, mask) };
}

function plainFields(fields: Readonly<Record<string, unknown>>, mask: Mask): Record<string, unknown> {
  let text: string;
  try {
    text = JSON.stringify(fields, plainValue);
  } catch {
    // Cycles, and getters that throw.
    text = JSON.stringify({ value: inspect(fields) });
  }
  const masked = mask(text);
  if (masked.length > LONGEST_MESSAGE) return { value: masked.slice(0, LONGEST_MESSAGE), cut: true };
  try {
    return JSON.parse(masked);
  } catch {
    // A secret that reaches over quotes leaves no JSON behind.
    return { value: masked };
  }
}

function plainValue(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'function' || typeof value === 'symbol') return String(value);
  if (value instanceof Error) return value.stack ?? String(value);
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, entry]) => [String(key), entry]));
  if (value instanceof Set) return [...value];
  return value;
}
