import type { WorkflowSpec } from '../model/spec.ts';

/** The one text of a spec, whatever the order in which its members were set: versions are compared by it. */
export function canonicalSpec(spec: WorkflowSpec): string {
  return JSON.stringify(sorted(spec));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return Object.fromEntries(entries.map(([key, member]) => [key, sorted(member)]));
}

export interface Difference {
  /** `tasks[2].id` */
  readonly path: string;
  readonly first: unknown;
  readonly second: unknown;
}

/** The first place in which two plain values differ, or null. */
export function firstDifference(first: unknown, second: unknown, path = ''): Difference | null {
  if (Object.is(first, second)) return null;
  if (typeof first !== 'object' || typeof second !== 'object' || first === null || second === null) {
    return { path, first, second };
  }
  if (Array.isArray(first) !== Array.isArray(second)) return { path, first, second };
  const a = first as Readonly<Record<string, unknown>>;
  const b = second as Readonly<Record<string, unknown>>;
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const at = Array.isArray(first) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`;
    const difference = firstDifference(a[key], b[key], at);
    if (difference) return difference;
  }
  return null;
}
