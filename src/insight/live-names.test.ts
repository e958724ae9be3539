import { expect, it } from 'vitest';
import { dagSpec } from '../engine/testing/spec-builder.ts';
import type { EventRow, ListedWorkflow, RunRow, VersionRow } from '../store/rows.ts';
import type { Queries } from '../store/store.ts';
import { LiveNames } from './live-names.ts';

let versionId: number;
const versions = [dagSpec('d', { a: {}, b: {} }), dagSpec('d', { b: {}, a: {} })];
const queries = {
  run: async (id: number) => (id === 1 ? ({ id, runId: 'r', versionId } as RunRow) : null),
  version: async (id: number) => ({ id, spec: versions[id] }) as VersionRow,
} as Partial<Queries> as Queries;
const readings = { workflows: async () => [{ id: 5, name: 'w' } as ListedWorkflow] };

const event = (id: number, kind: string, rest: Partial<EventRow> = {}): EventRow => ({
  id,
  at: 0,
  kind,
  workflowId: null,
  run: 1,
  task: null,
  index: null,
  attempt: null,
  data: null,
  ...rest,
});

it('says what an event is about in the names of the version that the run is on', async () => {
  versionId = 0;
  const names = new LiveNames({ queries, readings });
  const [first] = await names.name([event(1, 'instance.running', { task: 0, index: 3, attempt: 2 })]);
  expect(first).toEqual({
    id: 1,
    at: '1970-01-01T00:00:00.000Z',
    kind: 'task',
    dag_id: 'd',
    dag_run_id: 'r',
    task_id: 'a',
    map_index: 3,
    try_number: 2,
    state: 'running',
  });
  // The run is run again on another version.
  versionId = 1;
  const later = await names.name([event(2, 'run.queued'), event(3, 'instance.running', { task: 0 })]);
  expect(later.map(({ kind, task_id, state }) => [kind, task_id, state])).toEqual([
    ['run', null, 'queued'],
    ['task', 'b', 'running'],
  ]);
});

it('says what is in no spec: calls of flows by what the event says, workflows by their number, the rest as other', async () => {
  const names = new LiveNames({ queries, readings });
  const told = await names.name([
    event(1, 'task.success', { task: 9, data: '{"name":"load"}' }),
    event(2, 'workflow.paused', { run: null, workflowId: 5 }),
    event(3, 'limit.freed', { run: null }),
    event(4, 'run.failed', { run: 2 }),
  ]);
  expect(told.map(({ kind, dag_id, dag_run_id, task_id }) => [kind, dag_id, dag_run_id, task_id])).toEqual([
    ['task', 'd', 'r', 'load'],
    ['workflow', 'w', null, null],
    ['other', null, null, null],
    ['run', null, null, null],
  ]);
});
