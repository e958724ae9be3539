import { afterEach, describe, expect, it } from 'vitest';
import { SqliteStore } from '../store/sqlite/store.ts';
import type { ScheduleSpec } from '../timetable/schedule.ts';
import { pause, publish, unpause } from './operations.ts';
import { EngineWorld, publication } from './testing/engine-world.ts';
import { type DagSketch, dagSpec } from './testing/spec-builder.ts';
import { VirtualClock } from './testing/virtual-clock.ts';

const MINUTE = 60_000;
const NOON = Date.UTC(2026, 0, 1, 12);
const everyMinute: ScheduleSpec = { kind: 'cron_interval', expression: '* * * * *', timezone: 'UTC' };

let store: SqliteStore;
let world: EngineWorld;

async function start(dag: DagSketch, at = NOON): Promise<EngineWorld> {
  store = SqliteStore.open(':memory:');
  await store.migrate();
  world = await EngineWorld.start(store, { clock: new VirtualClock(at) });
  await world.publish(dagSpec('d', { t: {} }, dag));
  return world;
}

afterEach(async () => {
  expect(world.errors).toEqual([]);
  await world.engine.stop(0);
  await store.close();
});

/** Minutes after noon at which the runs' data intervals begin. */
async function minutes(): Promise<number[]> {
  return (await world.runs('d')).map(({ intervalStart }) => (intervalStart! - NOON) / MINUTE);
}

describe('a schedule', () => {
  it('runs at the end of each interval, on the clock', async () => {
    await start({ schedule: everyMinute, startDate: NOON });
    expect(await minutes()).toEqual([]);
    await world.advance(MINUTE - 1);
    expect(await minutes()).toEqual([]);
    await world.advance(1);
    expect(await minutes()).toEqual([0]);
    await world.advance(3 * MINUTE);
    expect(await minutes()).toEqual([0, 1, 2, 3]);
    const [first] = await world.runs('d');
    expect(first).toMatchObject({
      type: 'scheduled',
      state: 'success',
      runId: 'scheduled__2026-01-01T12:01:00+00:00',
      logicalDate: NOON,
      intervalStart: NOON,
      intervalEnd: NOON + MINUTE,
      runAfter: NOON + MINUTE,
      startedAt: NOON + MINUTE,
    });
  });

  it('catches up with all that was missed since its start date, oldest first', async () => {
    await start({ schedule: everyMinute, startDate: NOON - 5 * MINUTE, catchup: true });
    expect(await minutes()).toEqual([-5, -4, -3, -2, -1]);
    expect((await world.runs('d')).map(({ state }) => state)).toEqual(Array(5).fill('success'));
  });

  it('without catch-up makes only the latest missed run', async () => {
    await start({ schedule: everyMinute, startDate: NOON - 5 * MINUTE });
    expect(await minutes()).toEqual([-1]);
  });

  it('ends at its end date', async () => {
    await start({ schedule: everyMinute, startDate: NOON - 2 * MINUTE, endDate: NOON + MINUTE, catchup: true });
    await world.advance(12 * MINUTE);
    expect(await minutes()).toEqual([-2, -1, 0, 1]);
    const found = await store.queries.workflow('d');
    expect(found!.next).toBeNull();
  });

  it('makes one run of a logical date, whoever makes it first', async () => {
    await start({ schedule: everyMinute, startDate: NOON });
    const manual = await world.trigger('d', { logicalDate: NOON, runId: 'by_hand' });
    await world.advance(MINUTE);
    expect((await world.runs('d')).map(({ runId }) => runId)).toEqual([manual.runId]);
    expect(await world.eventsOf('schedule.skipped')).toHaveLength(1);
    await world.advance(MINUTE);
    expect((await world.runs('d')).map(({ type }) => type)).toEqual(['manual', 'scheduled']);
  });

  it('plans no more runs than may be active, and goes on when one ends', async () => {
    const { executor } = await start({
      schedule: everyMinute,
      startDate: NOON - 6 * MINUTE,
      catchup: true,
      maxActiveRuns: 2,
    });
    expect((await world.runs('d')).length).toBe(6);
    await world.publish(
      dagSpec(
        'held',
        { t: {} },
        { schedule: everyMinute, startDate: NOON - 6 * MINUTE, catchup: true, maxActiveRuns: 2 },
      ),
    );
    expect(executor.running).toEqual([]);
  });

  it('keeps to maxActiveRuns while runs go on, and makes every run in the end', async () => {
    await start({});
    world.executor.answer('t', 'hold');
    await world.publish(
      dagSpec(
        'held',
        { t: {} },
        { schedule: everyMinute, startDate: NOON - 6 * MINUTE, catchup: true, maxActiveRuns: 2 },
      ),
    );
    for (let done = 0; done < 6; done++) {
      expect(world.executor.running.length).toBeLessThanOrEqual(2);
      expect(world.executor.running.length).toBeGreaterThan(0);
      world.executor.finish('t');
      await world.settle();
    }
    const runs = await world.runs('held');
    expect(runs.map(({ intervalStart }) => (intervalStart! - NOON) / MINUTE)).toEqual([-6, -5, -4, -3, -2, -1]);
    expect(runs.every(({ state }) => state === 'success')).toBe(true);
  });
});

describe('missed ticks', () => {
  it('while paused make no run, and leave a row that says so', async () => {
    await start({ schedule: everyMinute, startDate: NOON });
    await world.advance(MINUTE);
    await world.do((e) => pause(e, 'd'));
    await world.advance(4 * MINUTE);
    expect(await minutes()).toEqual([0]);
    await world.do((e) => unpause(e, 'd'));
    // Without catch-up only the latest one.
    expect(await minutes()).toEqual([0, 4]);
    const missed = await world.eventsOf('schedule.missed');
    expect(missed.map(({ data }) => JSON.parse(data!) as object)).toMatchObject([
      { from: NOON + MINUTE, before: NOON + 4 * MINUTE, reason: 'catch-up is off' },
    ]);
  });

  it('while paused are made up for with catch-up', async () => {
    await start({ schedule: everyMinute, startDate: NOON, catchup: true });
    await world.do((e) => pause(e, 'd'));
    await world.advance(3 * MINUTE);
    expect(await minutes()).toEqual([]);
    await world.do((e) => unpause(e, 'd'));
    expect(await minutes()).toEqual([0, 1, 2]);
  });

  it('after the machine slept leave a row, too', async () => {
    const { clock } = await start({ schedule: everyMinute, startDate: NOON });
    await world.advance(MINUTE);
    await clock.jump(5 * MINUTE + 1000);
    world.engine.wake();
    await world.settle();
    // The run that was planned comes first, then the latest one.
    expect(await minutes()).toEqual([0, 1, 5]);
    expect(await world.eventsOf('schedule.missed')).toHaveLength(1);
  });
});

describe('time limits of runs', () => {
  it('ends a run that takes too long, and stops what runs', async () => {
    const { executor } = await start({});
    await world.publish(dagSpec('slow', { a: {}, b: { after: ['a'] }, c: {} }, { runTimeout: 60_000 }));
    executor.answer('a', 'hold').answer('c', 'hold');
    const run = await world.trigger('slow');
    executor.finish('c');
    await world.advance(59_999);
    expect((await world.run(run)).state).toBe('running');
    await world.advance(1);
    expect(await world.run(run)).toMatchObject({ state: 'failed', reason: 'run_timeout' });
    expect(await world.states(run)).toEqual({ a: 'skipped', b: 'skipped', c: 'success' });
    expect(executor.cancelled).toEqual([{ name: 'a', reason: 'run_timeout' }]);
    expect(await world.logOf(run, 'a')).toEqual(['attempt 1 was stopped (run_timeout)']);
  });

  it('says once that a deadline was missed, and lets the run go on', async () => {
    const { executor } = await start({});
    await world.publish(
      dagSpec('late', { a: {} }, { deadline: 60_000 }),
      dagSpec('early', { b: {} }, { deadline: 60_000 }),
    );
    executor.answer('a', 'hold');
    const run = await world.trigger('late');
    await world.trigger('early');
    await world.advance(600_000);
    expect((await world.eventsOf('run.deadline_missed')).map(({ run: id }) => id)).toEqual([run.id]);
    executor.finish('a');
    await world.settle();
    expect((await world.run(run)).state).toBe('success');
  });
});

describe('publishing', () => {
  it('plans anew when the schedule changes', async () => {
    await start({ schedule: everyMinute, startDate: NOON });
    await world.publish(dagSpec('d', { t: {} }, { schedule: { kind: 'none' } }));
    await world.advance(5 * MINUTE);
    expect(await minutes()).toEqual([]);
    await world.publish(dagSpec('d', { t: {} }, { schedule: everyMinute, startDate: NOON + 5 * MINUTE }));
    await world.advance(2 * MINUTE);
    expect(await minutes()).toEqual([5, 6]);
  });

  it('makes no more runs of a workflow that its file no longer defines', async () => {
    await start({ schedule: everyMinute, startDate: NOON });
    await world.advance(MINUTE);
    await world.do((e) => publish(e, publication([dagSpec('other', { t: {} })], 'd.ts')));
    await world.advance(5 * MINUTE);
    expect(await minutes()).toEqual([0]);
    const rows = await store.queries.workflows();
    expect(rows.map(({ name, present }) => [name, present])).toEqual([
      ['d', false],
      ['other', true],
    ]);
  });
});
