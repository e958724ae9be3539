/** Whether the timetables come to what a case expects; if not, what they come to instead. */
export type Verdict = { readonly agree: true } | { readonly agree: false; readonly got: unknown };

export interface Case<Input, Expected> {
  readonly id: string;
  readonly input: Input;
  readonly expected: Expected;
}

/** Compares two values as JSON; the order of keys does not count, the order of a list does. */
export function verdict(got: unknown, expected: unknown): Verdict {
  return canonical(got) === canonical(expected) ? { agree: true } : { agree: false, got };
}

/** JSON with the keys of objects in order; the order of a list counts. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, nested: unknown) =>
    typeof nested === 'object' && nested !== null && !Array.isArray(nested)
      ? Object.fromEntries(Object.entries(nested).sort(([a], [b]) => (a < b ? -1 : 1)))
      : nested,
  );
}
