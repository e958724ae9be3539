/** Whether Millrace comes to what a case expects; if not, what it comes to instead. */
export type Verdict = { readonly agree: true } | { readonly agree: false; readonly got: unknown };

/** Compares two values as JSON; the order of keys does not count, the order of a list does. */
export function verdict(got: unknown, expected: unknown): Verdict {
  return canonical(got) === canonical(expected) ? { agree: true } : { agree: false, got };
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, nested: unknown) =>
    typeof nested === 'object' && nested !== null && !Array.isArray(nested)
      ? Object.fromEntries(Object.entries(nested).sort(([a], [b]) => (a < b ? -1 : 1)))
      : nested,
  );
}
