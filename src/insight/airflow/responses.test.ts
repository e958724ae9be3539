import { afterEach, beforeEach, expect, it } from 'vitest';
import { EngineWorld } from '../../engine/testing/engine-world.ts';
import { dagSpec, listOf, type TaskSketch } from '../../engine/testing/spec-builder.ts';
import { VirtualClock } from '../../engine/testing/virtual-clock.ts';
import { SqliteStore } from '../../store/sqlite/store.ts';
import { instanceResponse } from './instance-response.ts';
import { runResponse } from './run-response.ts';

const NOON = Date.UTC(2026, 0, 10, 12);

let store: SqliteStore;
let world: EngineWorld;

beforeEach(async () => {
  store = SqliteStore.open(':memory:');
  await store.migrate();
  world = await EngineWorld.start(store, { clock: new VirtualClock(NOON) });
  world.executor.answerOthers('hold');
  const schedule = { kind: 'cron_interval', expression: '0 * * * *', timezone: 'UTC' } as const;
  const mapped: TaskSketch = { mapping: () => ({ kind: 'over', over: listOf(1) }) };
  await world.publish(
    dagSpec('d', { t: { pool: 'p', queue: 'wide', retries: 2 }, m: mapped }, { schedule, startDate: NOON }),
  );
});
afterEach(async () => {
  await world.engine.stop(0);
  await store.close();
});

async function responses() {
  const runs = await world.runs('d');
  return Promise.all(runs.map(async (run) => runResponse(run, (await store.queries.version(run.versionId))!)));
}

it('say in Airflow’s words who started a run, and its dates', async () => {
  await world.trigger('d', { runId: 'byHand', triggeredBy: 'cli', logicalDate: NOON + 1_800_000 });
  await world.trigger('d', { runId: 'byProgram', triggeredBy: 'program' });
  await world.trigger('d', { runId: 'byName', triggeredBy: 'ann' });
  await world.advance(3_600_000);
  expect((await responses()).map((run) => [run.run_type, run.triggered_by, run.triggering_user_name])).toEqual([
    ['manual', 'cli', 'cli'],
    ['manual', 'operator', 'program'],
    ['manual', 'rest_api', 'ann'],
    ['scheduled', 'timetable', 'timetable'],
  ]);
  expect((await responses())[0]).toMatchObject({
    state: 'running',
    logical_date: '2026-01-10T12:30:00.000Z',
    data_interval_start: '2026-01-10T11:00:00.000Z',
    data_interval_end: '2026-01-10T12:00:00.000Z',
    duration: null,
  });
});

it('say of an instance what its task says, and that a limit holds it back as Airflow would', async () => {
  const run = await world.trigger('d', { runId: 'r' });
  const version = (await store.queries.version(run.versionId))!;
  const rows = await store.queries.instances(run.id);
  expect(rows.map((row) => instanceResponse(row, { run, version }))).toMatchObject([
    { task_id: 't', map_index: -1, state: 'scheduled', pool: 'p', queue: 'wide', try_number: 1, max_tries: 2 },
    { task_id: 'm', map_index: 0, state: 'running', rendered_map_index: '0' },
  ]);
});
