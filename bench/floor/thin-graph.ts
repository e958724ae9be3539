/** A graph of the thin engine: by task, who waits for it, and for how many each waits. */
export interface ThinGraph {
  readonly downstream: readonly (readonly number[])[];
  readonly expected: readonly number[];
}

export function thinChain(length: number): ThinGraph {
  return {
    downstream: Array.from({ length }, (_, task) => (task + 1 < length ? [task + 1] : [])),
    expected: Array.from({ length }, (_, task) => (task === 0 ? 0 : 1)),
  };
}

export function thinFan(length: number): ThinGraph {
  return { downstream: Array.from({ length }, () => []), expected: Array.from({ length }, () => 0) };
}
