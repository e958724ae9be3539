import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ApiWorld, filled, PARTS } from '../../test/api-world.ts';

let world: ApiWorld;
beforeEach(async () => {
  world = await ApiWorld.start();
});
afterEach(() => world.end());

/** By the end of the path, a body that makes sense. */
const BODIES: readonly (readonly [path: RegExp, body: Readonly<Record<string, unknown>>])[] = [
  [/dags\/\{dag_id\}$/, { is_paused: true }],
  [/dagRuns$/, { logical_date: '2025-02-01T00:00:00Z', dag_run_id: 'x', conf: { n: 2 }, note: 'n' }],
  [/\{dag_run_id\}$/, { state: 'success', note: 'n' }],
  [/clear$/, { dry_run: false, only_failed: true, run_on_latest_version: false }],
  [
    /clearTaskInstances$/,
    {
      dry_run: false,
      dag_run_id: 'failing',
      task_ids: ['a', ['b', 0]],
      only_failed: false,
      include_upstream: true,
      include_downstream: true,
      include_past: true,
      include_future: true,
      start_date: '2025-01-01',
      end_date: '2027-01-01',
    },
  ],
  [/taskInstances\/\{task_id\}/, { new_state: 'success', include_upstream: true, include_downstream: true }],
  [
    /backfills(\/dry_run|\/preview)?$/,
    {
      dag_id: 'd',
      from_date: '2025-02-01',
      to_date: '2025-02-03',
      reprocess_behavior: 'failed',
      max_active_runs: 2,
      run_backwards: true,
      dag_run_conf: { n: 2 },
    },
  ],
];

it('takes no body that makes no sense, and fails over none', async () => {
  await world.history();
  const odd = fc.oneof(
    fc.constantFrom(
      'd',
      'r',
      'a',
      'nothing',
      '',
      'not an id',
      'soon',
      '2025-02-30',
      '9999-12-31T00:00:00Z',
      'failed',
      'queued',
    ),
    fc.constantFrom(null, true, false, 0, -1, 2, 1e300, [], {}, ['a'], [['a', 1]], [['b', 99]], { n: 'x' }),
    fc.jsonValue(),
  );
  const asked = fc.constantFrom(...world.actions()).chain((action) => {
    const body = BODIES.find(([path]) => path.test(action.path))?.[1] ?? {};
    const changes = fc.dictionary(fc.constantFrom('other', ...Object.keys(body)), odd, { maxKeys: 2 });
    return fc.record({
      action: fc.constant(action),
      run: fc.constantFrom('done', 'failing', 'r', 'waiting'),
      body: fc.oneof({ weight: 9, arbitrary: changes.map((change) => ({ ...body, ...change })) }, fc.jsonValue()),
    });
  });
  await fc.assert(
    fc.asyncProperty(asked, async ({ action: { method, path }, run, body }) => {
      const url = filled(path, { ...PARTS, dag_run_id: run });
      const headers = { 'content-type': 'application/json' };
      const { status, body: answer } = await world.ask(method, url, { payload: JSON.stringify(body), headers });
      expect([method, url, status < 500, answer]).toEqual([method, url, true, expect.anything()]);
      await world.engine.settle();
    }),
    { numRuns: 200 },
  );
});
