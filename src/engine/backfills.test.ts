import { afterEach, describe, expect, it } from 'vitest';
import { SqliteStore } from '../store/sqlite/store.ts';
import type { ScheduleSpec } from '../timetable/schedule.ts';
import { advanceBackfill } from './backfill-steps.ts';
import {
  type BackfillRequest,
  cancelBackfill,
  createBackfill,
  pauseBackfill,
  previewBackfill,
  unpauseBackfill,
} from './backfills.ts';
import { clear } from './clearing.ts';
import { operate, pause, unpause } from './operations.ts';
import { EngineWorld } from './testing/engine-world.ts';
import { FaultyStore } from './testing/faulty-store.ts';
import { fails, succeeds } from './testing/scripted-executor.ts';
import { type DagSketch, dagSpec, listOf, type TaskSketch } from './testing/spec-builder.ts';
import { VirtualClock } from './testing/virtual-clock.ts';

const TODAY = Date.UTC(2026, 0, 31, 12);
const day = (n: number) => Date.UTC(2026, 0, n);
const cron = (expression: string): ScheduleSpec => ({ kind: 'cron_interval', expression, timezone: 'UTC' });
/** Has no runs of its own: its first date is far away, which a backfill does not mind. */
const daily: DagSketch = { schedule: cron('0 0 * * *'), startDate: day(300) };

let store: SqliteStore;
let world: EngineWorld;

async function start(tasks: Record<string, TaskSketch> = { t: {} }, dag: DagSketch = {}): Promise<EngineWorld> {
  store = SqliteStore.open(':memory:');
  await store.migrate();
  world = await EngineWorld.start(store, { clock: new VirtualClock(TODAY) });
  world.executor.answerOthers('hold');
  await world.publish(dagSpec('d', tasks, { ...daily, ...dag }));
  return world;
}

afterEach(async () => {
  expect(world.errors).toEqual([]);
  await world.engine.stop(0);
  await store.close();
});

const request = (change: Partial<BackfillRequest> = {}): BackfillRequest => ({
  workflow: 'd',
  from: day(1),
  to: day(5),
  reverse: false,
  reprocess: 'none',
  triggeredBy: 'test',
  ...change,
});

const create = (change: Partial<BackfillRequest> = {}) => world.do((e) => createBackfill(e, request(change)));

/** A run of the schedule of this day of the month, ended. */
async function past(n: number, state: 'success' | 'failed', change: { conf?: Record<string, unknown> } = {}) {
  const run = await world.trigger('d', { logicalDate: day(n), runId: `day_${n}`, ...change });
  world.executor.finish('t', state === 'success' ? succeeds() : fails('never'));
  await world.settle();
  return run;
}

async function states(): Promise<string[]> {
  const runs = (await world.runs('d')).filter(({ backfillId }) => backfillId !== null);
  return runs
    .sort((a, b) => a.logicalDate! - b.logicalDate!)
    .map(({ logicalDate, state }) => `${new Date(logicalDate!).getUTCDate()} ${state}`);
}

async function outcomes(backfill: number): Promise<string[]> {
  const slots = await store.queries.slots(backfill);
  return slots.map(({ logicalDate, outcome }) => `${new Date(logicalDate).getUTCDate()} ${outcome}`);
}

/** The days whose runs have an attempt that has not been answered. */
function running(): number[] {
  return world.executor.heldFacts('t').map(({ logicalDate }) => new Date(logicalDate!).getUTCDate());
}

async function finishDay(n: number, outcome = succeeds()): Promise<void> {
  world.executor.finishWhere(({ facts }) => facts.logicalDate === day(n), outcome);
  await world.settle();
}

describe('a backfill', () => {
  it('makes its runs with the dates of the schedule, and runs as many at once as it may', async () => {
    await start();
    const { id } = await create({ maxActiveRuns: 2 });
    expect(await states()).toEqual(['1 running', '2 running', '3 queued', '4 queued', '5 queued']);
    expect((await world.runs('d'))[0]).toMatchObject({
      type: 'backfill',
      runId: 'backfill__2026-01-02T00:00:00+00:00',
      logicalDate: day(1),
      intervalStart: day(1),
      intervalEnd: day(2),
      runAfter: day(2),
      backfillId: id,
      triggeredBy: 'backfill',
    });
    await finishDay(2);
    expect(running()).toEqual([1, 3]);
    for (const n of [1, 3, 4, 5]) await finishDay(n);
    expect(await states()).toEqual(['1 success', '2 success', '3 success', '4 success', '5 success']);
    expect(await store.queries.backfill(id)).toMatchObject({ completedAt: TODAY, cancelledAt: null });
    expect(await world.eventsOf('backfill.completed')).toHaveLength(1);
    expect((await store.queries.limits()).filter(({ key }) => key.startsWith('backfill:'))).toEqual([]);
  });

  it('goes backwards when it is told to', async () => {
    await start();
    const { id } = await create({ reverse: true, maxActiveRuns: 1 });
    expect(running()).toEqual([5]);
    await finishDay(5);
    expect(running()).toEqual([4]);
    expect((await outcomes(id))[0]).toBe('5 created');
  });

  it('has ten runs at once by default, whatever the workflow may have', async () => {
    await start({ t: {} }, { maxActiveRuns: 1 });
    await create({ to: day(20) });
    expect(running()).toHaveLength(10);
    await world.trigger('d', { logicalDate: null });
    expect(world.executor.running).toHaveLength(11);
  });

  it('leaves failed runs behind it and is completed all the same', async () => {
    await start();
    const { id } = await create();
    for (const n of [1, 2, 3, 4]) await finishDay(n);
    expect((await store.queries.backfill(id))!.completedAt).toBeNull();
    await finishDay(5, fails('never'));
    expect((await store.queries.backfill(id))!.completedAt).not.toBeNull();
  });

  it('takes only intervals that have ended, and does not mind the start date', async () => {
    await start({ t: {} }, { startDate: day(200) });
    const { id } = await create({ from: day(29), to: day(40) });
    expect(await outcomes(id)).toEqual(['29 created', '30 created']);
  });

  it('gives its runs its conf', async () => {
    await start({ t: {} }, { params: { n: 1 } });
    await create({ to: day(1), conf: { n: 2 } });
    const [run] = await world.runs('d');
    expect(run).toMatchObject({ conf: '{"n":2}' });
    expect(world.executor.held('t').facts.params).toEqual({ n: '[2]' });
  });

  it('does not start runs of a paused workflow', async () => {
    await start();
    await world.do((e) => pause(e, 'd'));
    await create({ to: day(2) });
    expect(await states()).toEqual(['1 queued', '2 queued']);
    await world.do((e) => unpause(e, 'd'));
    expect(await states()).toEqual(['1 running', '2 running']);
  });

  it('of two hundred dates is done in steps', async () => {
    await start({ t: {} }, { schedule: cron('0 * * * *') });
    world.executor.answerOthers(succeeds());
    const { id } = await create({ to: day(10) - 1, maxActiveRuns: 16 });
    await world.advance(0);
    expect(await store.queries.backfill(id)).toMatchObject({ completedAt: expect.any(Number) });
    const runs = await world.runs('d');
    expect(runs).toHaveLength(9 * 24);
    expect(runs.every(({ state }) => state === 'success')).toBe(true);
  });
});

describe('runs that are there', () => {
  it('are left alone by default', async () => {
    await start();
    await past(2, 'failed');
    await past(3, 'success');
    await world.trigger('d', { logicalDate: day(4) });
    const { id } = await create();
    expect(await outcomes(id)).toEqual(['1 created', '2 exists', '3 exists', '4 in_flight', '5 created']);
  });

  it('are run again with their ids where they failed, or all of them', async () => {
    await start();
    const failed = await past(2, 'failed', { conf: { mine: true } });
    const done = await past(3, 'success');
    const first = await create({ reprocess: 'failed', to: day(3) });
    expect(await outcomes(first.id)).toEqual(['1 created', '2 cleared', '3 exists']);
    expect(await world.run(failed)).toMatchObject({
      runId: 'day_2',
      type: 'backfill',
      state: 'running',
      conf: '{"mine":true}',
      backfillId: first.id,
    });
    await finishDay(1);
    await finishDay(2);
    expect(await world.attempts(failed)).toEqual({ t: 2 });
    const second = await create({ reprocess: 'completed', from: day(2), to: day(3), conf: { theirs: 1 } });
    expect(await outcomes(second.id)).toEqual(['2 cleared', '3 cleared']);
    expect(await world.run(done)).toMatchObject({ state: 'running', conf: '{"theirs":1}', backfillId: second.id });
    expect(await world.run(failed)).toMatchObject({ state: 'running', conf: '{"theirs":1}', backfillId: second.id });
  });

  it('go to the latest version, with their history', async () => {
    await start({ t: {}, gone: { after: ['t'] } });
    const run = await past(2, 'failed');
    await world.publish(dagSpec('d', { before: {}, t: { after: ['before'], retries: 1 } }, daily));
    await create({ reprocess: 'failed', from: day(2), to: day(2) });
    expect(await world.states(run)).toEqual({ before: 'running', t: 'none' });
    world.executor.finish('before');
    await world.settle();
    expect(await world.attempts(run)).toEqual({ before: 1, t: 2 });
    const row = (await store.queries.instances(run.id))[1]!;
    expect(row).toMatchObject({ state: 'running', attempt: 2, maxAttempts: 3 });
    world.executor.finish('t');
    await world.settle();
    expect((await world.run(run)).state).toBe('success');
    const attempts = await store.queries.attempts(run.id);
    expect(attempts.map(({ task, attempt, outcome }) => [task, attempt, outcome])).toEqual([
      [0, 1, 'success'],
      [1, 1, 'failed'],
      [1, 2, 'success'],
    ]);
  });

  it('keep their instances where only the code is another', async () => {
    const mapped: Record<string, TaskSketch> = {
      t: { mapping: () => ({ kind: 'expand', over: [['x', listOf(1, 2)]] }) },
    };
    await start(mapped);
    world.executor.answerOthers(succeeds());
    const run = await world.trigger('d', { logicalDate: day(2) });
    await world.publish({ ...dagSpec('d', mapped, daily), description: 'newer' });
    await create({ reprocess: 'completed', from: day(2), to: day(2) });
    expect(await world.run(run)).toMatchObject({ state: 'success', type: 'backfill' });
    expect(await world.attempts(run)).toEqual({ 't[0]': 2, 't[1]': 2 });
    const workflow = await store.queries.workflow('d');
    expect((await world.run(run)).versionId).toBe(workflow!.versionId);
  });

  it('stay on their version where their conf does not fit the latest one', async () => {
    await start();
    const run = await past(2, 'failed', { conf: { n: 'text' } });
    const { versionId } = await world.run(run);
    const spec = dagSpec('d', { t: {} }, { ...daily, params: { n: 1 } });
    const schema = { type: 'object', properties: { n: { type: 'integer' } } };
    await world.publish({ ...spec, params: { ...spec.params, schema } });
    await create({ reprocess: 'failed', from: day(2), to: day(2) });
    expect(await world.run(run)).toMatchObject({ state: 'running', versionId, conf: '{"n":"text"}' });
  });

  it('belong to nobody but the workflow once the backfill is over', async () => {
    await start();
    await create({ to: day(1) });
    await finishDay(1);
    const [run] = await world.runs('d');
    await world.do((e) => clear(e, run!, { scope: 'only these' }));
    expect(await world.run(run!)).toMatchObject({ state: 'running', backfillId: null });
    await finishDay(1);
    const limits = await store.queries.limits();
    expect(limits.filter(({ used }) => used !== 0)).toEqual([]);
  });

  it('that are cleared while it goes on are started by it', async () => {
    await start();
    const { id } = await create({ to: day(2), maxActiveRuns: 1 });
    await finishDay(1, fails('never'));
    const [run] = await world.runs('d');
    await world.do((e) => clear(e, run!, { scope: 'only these' }));
    expect(await world.run(run!)).toMatchObject({ state: 'queued', backfillId: id });
    await finishDay(2);
    expect(running()).toEqual([1]);
    await finishDay(1);
    expect((await store.queries.backfill(id))!.completedAt).not.toBeNull();
  });
});

describe('a backfill is refused', () => {
  const refuses = (change: Partial<BackfillRequest>, code: string, message: RegExp) =>
    expect(create(change)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
      fix: expect.any(String),
    });

  it('for a window without dates, and for a workflow that is not there', async () => {
    await start();
    await refuses({ from: day(1) + 1, to: day(2) - 1 }, 'invalid_argument', /no date/);
    await refuses({ workflow: 'nothing' }, 'not_found', /nothing/);
  });

  it('while there is another one', async () => {
    await start();
    const { id } = await create();
    await refuses({ from: day(6), to: day(6) }, 'conflict', new RegExp(`\\(${id}\\)`));
    await world.do((e) => cancelBackfill(e, id));
    await create({ from: day(6), to: day(6) });
  });

  it('for a conf that does not fit', async () => {
    await start();
    const spec = dagSpec('d', { t: {} }, { ...daily, params: { n: 1 } });
    await world.publish({ ...spec, params: { ...spec.params, schema: { properties: { n: { type: 'integer' } } } } });
    await refuses({ conf: { n: 'x' } }, 'invalid_params', /n must be integer/);
  });
});

describe('a preview', () => {
  it('says what would become of each date, and changes nothing', async () => {
    await start();
    await past(2, 'failed');
    await past(3, 'success');
    await world.trigger('d', { logicalDate: day(4), runId: 'goes_on' });
    const preview = await world.do((e) => previewBackfill(e, { ...request({ reprocess: 'failed', reverse: true }) }));
    expect(preview.map(({ ordinal, plan, runId, state }) => [ordinal, plan, runId, state])).toEqual([
      [1, 'create', null, null],
      [2, 'in_flight', 'goes_on', 'running'],
      [3, 'exists', 'day_3', 'success'],
      [4, 'clear', 'day_2', 'failed'],
      [5, 'create', null, null],
    ]);
    expect(await store.queries.backfills({})).toEqual([]);
    expect(await world.do((e) => previewBackfill(e, request({ from: day(1) + 1, to: day(1) + 2 })))).toEqual([]);
  });
});

describe('a backfill under way', () => {
  it('is paused: what runs goes on, nothing else starts', async () => {
    await start();
    const { id } = await create({ maxActiveRuns: 1 });
    expect(await world.do((e) => pauseBackfill(e, id))).toBe(true);
    expect(await world.do((e) => pauseBackfill(e, id))).toBe(false);
    await finishDay(1);
    await world.advance(60_000);
    expect(running()).toEqual([]);
    expect(await world.do((e) => unpauseBackfill(e, id))).toBe(true);
    expect(running()).toEqual([2]);
  });

  it('is cancelled: what waits is cancelled, what runs goes on', async () => {
    await start();
    const { id } = await create({ maxActiveRuns: 1, to: day(3) });
    expect(await world.do((e) => cancelBackfill(e, id))).toBe(true);
    expect(await states()).toEqual(['1 running', '2 cancelled', '3 cancelled']);
    expect(await store.queries.backfill(id)).toMatchObject({ cancelledAt: TODAY, completedAt: TODAY });
    expect(await world.do((e) => cancelBackfill(e, id))).toBe(false);
    await finishDay(1);
    expect(await states()).toEqual(['1 success', '2 cancelled', '3 cancelled']);
    expect((await store.queries.limits()).filter(({ used }) => used !== 0)).toEqual([]);
    await expect(world.do((e) => cancelBackfill(e, 99))).rejects.toMatchObject({ code: 'not_found' });
  });

  it('goes on where it was after the server died, whichever step it died over', async () => {
    await start();
    await world.engine.stop(0);
    for (let died = 0; died < 6; died++) {
      const clock = new VirtualClock(TODAY);
      const inner = SqliteStore.open(':memory:');
      await inner.migrate();
      const faulty = new FaultyStore(inner);
      const first = EngineWorld.on(faulty, { clock });
      await first.engine.start();
      await first.settle();
      first.executor.answerOthers(succeeds());
      await first.publish(dagSpec('d', { t: {} }, daily));
      let left = died * 2 + 1;
      const { id } = await operate(inner, clock, (e) => createBackfill(e, request({ to: day(4), maxActiveRuns: 1 })));
      faulty.wrap = (tx) => {
        left -= 1;
        if (left <= 0) faulty.fault = 'dead';
        return tx;
      };
      first.engine.wake();
      await clock.settle();
      faulty.fault = 'dead';
      const second = await EngineWorld.start(inner, { clock });
      second.executor.answerOthers(succeeds());
      second.engine.wake();
      await second.advance(120_000);
      expect(second.errors).toEqual([]);
      expect((await inner.queries.backfill(id))!.completedAt).not.toBeNull();
      const runs = (await second.runs('d')).filter(({ type }) => type === 'backfill');
      expect(runs.map(({ state }) => state)).toEqual(['success', 'success', 'success', 'success']);
      await second.engine.stop(0);
      await inner.close();
    }
    world = await EngineWorld.start(store, { clock: world.clock });
  });

  it('can be taken further by anybody, without a server', async () => {
    await start();
    const clock = new VirtualClock(TODAY);
    const { id } = await operate(store, clock, (e) => createBackfill(e, request({ to: day(2) })));
    while (await operate(store, clock, (e) => advanceBackfill(e, id)));
    expect(await states()).toEqual(['1 running', '2 running']);
    expect(await operate(store, clock, (e) => advanceBackfill(e, 99))).toBe(false);
  });
});
