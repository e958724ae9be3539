import { expect, test } from 'vitest';
import type { LiveEvent } from '../../../../../src/client/events.ts';
import type { Grid } from '../../../live/types.ts';
import { withEvents } from './live-cells.ts';

const column = (states: string) => ({ states, durations: [], mapped: {}, attempts: {} });

const GRID = {
  runs: [
    { dag_run_id: 'r1', state: 'success' },
    { dag_run_id: 'r2', state: 'queued' },
  ],
  rows: [
    { id: 'g', kind: 'group' },
    { id: 'a', kind: 'task' },
    { id: 'm', kind: 'task' },
  ],
  states: { '.': 'none', r: 'running', s: 'success' },
  columns: [column('sss'), { ...column('.r.'), mapped: { 2: { success: 1 } } }],
} as unknown as Grid;

const event = (change: Partial<LiveEvent>): LiveEvent => ({
  id: 1,
  at: '2026-01-01T00:00:00Z',
  kind: 'task',
  dag_id: 'd',
  dag_run_id: 'r2',
  task_id: null,
  map_index: -1,
  try_number: 1,
  state: null,
  ...change,
});

test('what an event says of a run and a task is shown in its column, and the others stay the same', () => {
  const next = withEvents(GRID, [
    event({ kind: 'run', state: 'running' }),
    event({ task_id: 'a', state: 'running' }),
    event({ task_id: 'a', state: 'success' }),
  ]);
  expect(next.runs.map(({ state }) => state)).toEqual(['success', 'running']);
  expect(next.columns.map(({ states }) => states)).toEqual(['sss', '.s.']);
  expect(next.columns[0]).toBe(GRID.columns[0]);
});

test('what is not in the grid, is no state of it, or is counted by the server changes nothing', () => {
  const others = [
    event({ dag_run_id: 'r9', task_id: 'a', state: 'success' }),
    event({ task_id: 'g', state: 'success' }),
    event({ task_id: 'm', state: 'success' }),
    event({ task_id: 'a', map_index: 3, state: 'success' }),
    event({ task_id: 'a', state: 'expanded' }),
    event({ kind: 'run', state: 'queued' }),
    event({ kind: 'workflow', state: 'paused' }),
  ];
  expect(withEvents(GRID, others)).toBe(GRID);
});
