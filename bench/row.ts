/** One figure of the table, as main.ts prints and writes it. */
export interface Measurement {
  readonly name: string;
  readonly value: number;
  readonly unit: 'ms' | 's' | 'per s' | 'MB' | 'kB' | '%';
  /** The same work done by the thin engine of floor/, in the same minute; null where there is nothing to compare with. */
  readonly floor: number | null;
  /** What must be reached; null: shown for itself. */
  readonly goal: { readonly bound: 'at most' | 'at least'; readonly value: number } | null;
  /** How it was measured, in a few words. */
  readonly note: string;
}

export interface Skipped {
  readonly skipped: string;
}

/** What a file in rows/ exports as `row`: comes by its figures. It has a process for itself. */
export type Row = () => Promise<readonly Measurement[] | Skipped>;

export const atMost = (value: number) => ({ bound: 'at most', value }) as const;
export const atLeast = (value: number) => ({ bound: 'at least', value }) as const;

export function isReached({ value, goal }: Measurement): boolean {
  if (!goal) return true;
  return goal.bound === 'at most' ? value <= goal.value : value >= goal.value;
}
