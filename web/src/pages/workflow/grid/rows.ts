import type { Grid, GridRow } from '../../../live/types.ts';

export interface ShownRow {
  readonly row: GridRow;
  /** Its place in the answer: where its letter is. */
  readonly at: number;
}

/** Rows of the tree that are not inside a folded group. */
export function shownRows({ rows }: Pick<Grid, 'rows'>, folded: ReadonlySet<string>): readonly ShownRow[] {
  const parents = new Map(rows.map(({ id, parent }) => [id, parent]));
  const isHidden = (row: GridRow) => {
    for (let group = row.parent; group !== null; group = parents.get(group) ?? null) if (folded.has(group)) return true;
    return false;
  };
  return rows.flatMap((row, at) => (isHidden(row) ? [] : [{ row, at }]));
}

/** What a cell shows, read from the answer's columns. */
export interface CellFacts {
  /** `none`: no state yet; undefined: the run has no such row. */
  readonly state: string | undefined;
  readonly duration: number | null;
  readonly counts: Readonly<Record<string, number>> | undefined;
  readonly attempt: number | undefined;
}

export function cellFacts(grid: Grid, column: number, at: number): CellFacts {
  const of = grid.columns[column]!;
  const state = grid.states[of.states[at] ?? ' '];
  return {
    state,
    duration: of.durations[at] ?? null,
    counts: of.mapped[at],
    attempt: of.attempts[at],
  };
}
