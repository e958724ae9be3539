import { afterAll, beforeAll, expect, it } from 'vitest';
import { EngineWorld } from '../engine/testing/engine-world.ts';
import { dagSpec } from '../engine/testing/spec-builder.ts';
import { PostgresStore } from '../store/postgres/store.ts';
import { type PostgresServer, startPostgres } from '../testing/postgres-server.ts';
import { VersionCache } from './version-cache.ts';
import { why } from './why.ts';

let server: PostgresServer;
let store: PostgresStore;
let world: EngineWorld;

beforeAll(async () => {
  server = await startPostgres();
  store = await PostgresStore.open(await server.createDatabase('why'));
  await store.migrate();
  world = await EngineWorld.start(store, { peers: 'leases', capacity: 4 });
  world.executor.answerOthers('hold');
});
afterAll(async () => {
  await world?.engine.stop(0);
  await store?.close();
  await server?.stop();
});

/** The database answers when it likes: it is asked until it is so. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await world.settle();
}

it('gives the same answers on PostgreSQL', async () => {
  const tasks = { a: { maxActivePerDag: 1, priority: 9 }, b: { priority: 8 }, c: {}, d: { after: ['a'] } };
  await world.publish(dagSpec('d', tasks, { maxActiveRuns: 2 }));
  for (const runId of ['r1', 'r2', 'r3']) await world.trigger('d', { runId });
  await until(async () => world.executor.running.length === 4 && 'a' in (await world.parked(await run('r2'))));
  const kinds = async (runId: string, taskId?: string) => {
    const { waiting } = await why({ store, clock: world.clock }, new VersionCache(), { dagId: 'd', runId, taskId });
    return waiting.map((entry) => [
      entry.task_id,
      ...entry.reasons.map(({ kind, ahead, used, limit, holders }) => [
        kind,
        ahead,
        used,
        limit,
        ...holders.map(({ dag_run_id, task_id }) => [dag_run_id, task_id].join(' ')).sort(),
      ]),
    ]);
  };
  expect(await kinds('r3')).toEqual([[null, ['active_runs', 0, 2, 2, 'r1 ', 'r2 ']]]);
  expect(await kinds('r2', 'a')).toEqual([['a', ['limit', 0, 1, 1, 'r1 a']]]);
  expect(await kinds('r2')).toEqual([
    ['a', ['limit', 0, 1, 1, 'r1 a']],
    ['c', ['queued', 0, null, null, 'r1 a', 'r1 b', 'r1 c', 'r2 b']],
    ['d', ['upstream', null, null, null]],
  ]);
});

async function run(runId: string) {
  return (await world.runs('d')).find((row) => row.runId === runId)!;
}
