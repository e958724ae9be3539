import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { LiveEvent } from '../../../../../src/client/events.ts';
import { useListen } from '../../../live/live.tsx';
import type { Grid } from '../../../live/types.ts';

/** As many events are remembered until the next reading has them. */
const REMEMBERED = 2_000;

/**
 * Shows in the grid at once what an event says; what it does not say comes with the next reading. An event that happens
 * while one is on its way is shown in that one, too: it may have been made before.
 */
export function useLiveCells(dagId: string): void {
  const listen = useListen();
  const queries = useQueryClient();
  useEffect(() => {
    const queryKey = ['grid', dagId];
    let recent: readonly LiveEvent[] = [];
    const stopListening = listen((events) => {
      const own = events.filter((event) => event.dag_id === dagId);
      if (own.length === 0) return;
      recent = [...recent, ...own].slice(-REMEMBERED);
      queries.setQueriesData<Grid>({ queryKey }, (grid) => grid && withEvents(grid, own));
    });
    const stopWatching = queries.getQueryCache().subscribe((event) => {
      if (event.type !== 'updated' || event.action.type !== 'success' || event.action.manual) return;
      const [what, of] = event.query.queryKey;
      if (what !== 'grid' || of !== dagId) return;
      const grid = event.query.state.data as Grid;
      const later = recent.filter(({ at }) => at >= grid.as_of);
      const next = withEvents(grid, later);
      if (next !== grid) queries.setQueryData(event.query.queryKey, next);
    });
    return () => {
      stopListening();
      stopWatching();
    };
  }, [listen, queries, dagId]);
}

/** The same grid where nothing in it has changed. Instances of mapped tasks are counted by the server alone. */
export function withEvents(grid: Grid, events: readonly LiveEvent[]): Grid {
  const columnOf = new Map(grid.runs.map(({ dag_run_id: id }, column) => [id, column]));
  const rowOf = new Map(grid.rows.map(({ id, kind }, row) => [kind === 'task' ? id : '', row]));
  const letterOf = new Map(Object.entries(grid.states).map(([letter, state]) => [state, letter]));
  const letters = new Map<number, string[]>();
  const runs = [...grid.runs];
  let hasChanged = false;
  for (const { kind, state, dag_run_id: runId, task_id: taskId, map_index: index } of events) {
    const column = runId === null ? undefined : columnOf.get(runId);
    if (column === undefined || state === null) continue;
    const run = runs[column]!;
    if (kind === 'run' && isRunState(state) && run.state !== state) {
      runs[column] = { ...run, state };
      hasChanged = true;
    }
    const row = kind === 'task' && index === -1 && taskId !== null ? rowOf.get(taskId) : undefined;
    const letter = letterOf.get(state);
    if (row === undefined || letter === undefined || grid.columns[column]!.mapped[row]) continue;
    const own = letters.get(column) ?? [...grid.columns[column]!.states];
    if (own[row] === letter) continue;
    own[row] = letter;
    letters.set(column, own);
  }
  if (!hasChanged && letters.size === 0) return grid;
  const columns = grid.columns.map((column, n) =>
    letters.has(n) ? { ...column, states: letters.get(n)!.join('') } : column,
  );
  return { ...grid, runs, columns };
}

type RunState = Grid['runs'][number]['state'];

const RUN_STATES: ReadonlySet<string> = new Set(['queued', 'running', 'success', 'failed', 'cancelled']);

const isRunState = (state: string): state is RunState => RUN_STATES.has(state);
