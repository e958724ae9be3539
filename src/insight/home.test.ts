import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBackfill } from '../engine/backfills.ts';
import { pause, publish, putPool } from '../engine/operations.ts';
import { EngineWorld, publication } from '../engine/testing/engine-world.ts';
import { succeeds } from '../engine/testing/scripted-executor.ts';
import { type DagSketch, dagSpec, listOf, type TaskSketch } from '../engine/testing/spec-builder.ts';
import { VirtualClock } from '../engine/testing/virtual-clock.ts';
import type { Outcome } from '../executor/executor.ts';
import { SqliteStore } from '../store/sqlite/store.ts';
import { activity } from './activity.ts';
import { attention } from './attention.ts';
import { search } from './search.ts';
import { type WorkflowsFilter, workflow, workflows } from './workflows.ts';

const NOON = Date.UTC(2026, 0, 10, 12);
const HOUR = 3_600_000;

let store: SqliteStore;
let world: EngineWorld;

beforeEach(async () => {
  store = SqliteStore.open(':memory:');
  await store.migrate();
  world = await EngineWorld.start(store, { clock: new VirtualClock(NOON) });
  world.executor.answerOthers('hold');
});
afterEach(async () => {
  expect(world.errors).toEqual([]);
  await world.engine.stop(0);
  await store.close();
});

const define = (id: string, tasks: Record<string, TaskSketch> = { t: {} }, dag: DagSketch = {}) =>
  world.publish(dagSpec(id, tasks, dag));

function breaks(message: string, stack: string | null = null): Outcome {
  return {
    kind: 'failed',
    reason: 'no_retry',
    error: { name: 'HttpError', message, stack, code: null },
    retry: 'never',
  };
}

/** A run that ends after so many seconds. */
async function ran(id: string, seconds: number, outcome: Outcome = succeeds(), task = 't'): Promise<string> {
  const run = await world.trigger(id);
  await world.advance(seconds * 1000);
  world.executor.finishWhere(({ order }) => order.taskId === task && order.run === run.id, outcome);
  await world.settle();
  return run.runId;
}

describe('attention', () => {
  it('lists what failed last of very much that fails, and counts the rest', async () => {
    const names = Array.from({ length: 103 }, (_, n) => `w${n}`);
    for (const name of names) {
      await define(name);
      await ran(name, 1, breaks('it broke'));
    }
    const { items, total } = await attention(world);
    expect([items.length, total]).toEqual([100, 103]);
    expect([items[0]!.dag_id, items.at(-1)!.dag_id]).toEqual(['w102', 'w3']);
  });

  it('says what failed, of what, where, how often, and what did not run for it', async () => {
    await define('calm');
    await ran('calm', 1);
    await define('etl', { t: {}, load: { after: ['t'] }, mail: { after: ['load'] }, third: { after: ['mail'] } });
    const stack =
      'HttpError: 503\n    at get (file:///p/node_modules/http/x.js:1:1)\n    at t (/p/millrace/etl.ts:7:3)';
    await ran('etl', 1, breaks('503 for 17', stack));
    const runId = await ran('etl', 2, breaks('503 for 18', stack));
    const { items, counts } = await attention(world);
    expect(items).toMatchObject([
      {
        kind: 'failed',
        dag_id: 'etl',
        dag_run_id: runId,
        task_id: 't',
        runs: 2,
        instances: 1,
        fact: 'HttpError: 503 for 18',
        detail: ' at millrace/etl.ts:7:3. 2 runs in a row failed. load and 2 more did not run.',
        remedies: ['clear_failed', 'open_log'],
      },
    ]);
    expect(counts).toEqual({ failed: 2, running: 0, queued: 0, succeeded: 1 });
    await ran('etl', 1, succeeds());
  });

  it('makes one cause one item, whatever numbers it names, and several causes several', async () => {
    await define('etl', { t: { mapping: () => ({ kind: 'expand', over: [['n', listOf(1, 2, 3, 4)]] }) } });
    await world.trigger('etl');
    for (const [n, outcome] of [
      breaks('503 for 1'),
      breaks('503 for 2'),
      breaks('no such table'),
      succeeds(),
    ].entries())
      world.executor.finish(`t[${n}]`, outcome);
    await world.settle();
    const { items } = await attention(world);
    expect(items.map((item) => [item.fact, item.map_indexes, item.instances, item.instances_of])).toEqual([
      ['HttpError: 503 for 1', [0, 1], 2, 4],
      ['HttpError: no such table', [2], 1, 4],
    ]);
  });

  it('says what has failed for good while its run goes on, and not that it is late, too', async () => {
    await define('etl', {
      t: { mapping: () => ({ kind: 'expand', over: [['n', listOf(1, 2, 3)]] }) },
      load: { after: ['t'] },
    });
    for (let n = 0; n < 5; n += 1) {
      await world.trigger('etl');
      await world.advance(60_000);
      for (let index = 0; index < 3; index += 1) world.executor.finish(`t[${index}]`, succeeds());
      await world.settle();
      world.executor.finish('load', succeeds());
      await world.settle();
    }
    const { runId } = await world.trigger('etl');
    world.executor.finish('t[0]', breaks('no such table'));
    world.executor.finish('t[1]', succeeds());
    await world.settle();
    await world.advance(600_000);
    expect((await attention(world)).items).toMatchObject([
      {
        kind: 'failed',
        dag_run_id: runId,
        task_id: 't',
        map_indexes: [0],
        instances: 1,
        instances_of: 3,
        fact: 'HttpError: no such table',
        detail: '. 1 done, 1 running. load will not run.',
      },
    ]);
  });

  it('names the tasks that the run had, not those that the file has now', async () => {
    await define('etl', { t: {}, old: { after: ['t'] } });
    await ran('etl', 1, breaks('gone'));
    await define('etl', { fresh: {}, other: { after: ['fresh'] }, t: { after: ['other'] } });
    expect((await attention(world)).items).toMatchObject([{ task_id: 't', detail: '. old did not run.' }]);
  });

  it('knows what goes on longer than usual, pools that are full, and files that cannot be read', async () => {
    await define('slow', { t: { pool: 'p' } });
    await world.do((e) => putPool(e, { name: 'p', slots: 1, description: '', includeDeferred: false }));
    for (let n = 0; n < 5; n += 1) await ran('slow', 600);
    await world.trigger('slow', { runId: 'late' });
    await world.advance(900_000);
    expect((await attention(world)).items).toEqual([]);
    await world.trigger('slow', { runId: 'next' });
    const since = new Date(world.clock.now()).toISOString();
    await world.advance(1000);
    const error = { line: 3, column: null, code: 'syntax_error', message: 'oh\nno', fix: null, frame: null };
    await world.do((e) => publish(e, { ...publication([], 'slow.ts'), errors: [error] }));
    expect((await attention(world)).items.find(({ kind }) => kind === 'limit')).toMatchObject({
      since,
      dag_id: 'slow',
      dag_run_id: 'next',
      remedies: ['why', 'see_holders'],
    });
    expect(
      (await attention(world)).items.map(({ kind, subject, fact, detail }) => [kind, subject, fact, detail]),
    ).toEqual([
      ['late', null, '15 min so far', ', usually 10 min.'],
      ['limit', 'p', '1 of 1 slots taken', ', 1 task instance waits. slow holds it.'],
      ['broken_file', 'slow.ts:3:1', 'oh', '. Runs go on with v1.'],
    ]);
    expect(await workflow(world, 'slow')).toMatchObject({ condition: 'broken_file', late_run_ids: ['late'] });
  });

  it('has pools that nobody has made, with what waits for them', async () => {
    await define('sync', { t: { pool: 'warehouse' } });
    await world.trigger('sync', { runId: 'r' });
    await world.advance(120_000);
    expect((await attention(world)).items).toMatchObject([
      {
        kind: 'limit',
        subject: 'warehouse',
        dag_run_id: 'r',
        fact: 'there is no such pool',
        detail: ', 1 task instance waits for 2 min.',
        remedies: ['why'],
      },
    ]);
  });
});

describe('activity', () => {
  it('has runs by when they ended, go on, and are due', async () => {
    const daily: DagSketch['schedule'] = { kind: 'cron_interval', expression: '0 * * * *', timezone: 'UTC' };
    await define('hourly', { t: {} }, { schedule: daily, startDate: NOON });
    await define('other');
    await define('paused', { t: {} }, { schedule: daily, startDate: NOON });
    await world.do((e) => pause(e, 'paused'));
    await ran('other', 1200, breaks('no'));
    await ran('other', 60);
    await world.trigger('other');
    const answer = await activity(world, { from: NOON, to: NOON + 4 * HOUR, binMinutes: 30 });
    expect(answer.bins.map((bin) => [bin.succeeded, bin.failed, bin.running, bin.due].join(''))).toEqual([
      '1110',
      '0000',
      '0001',
      '0000',
      '0001',
      '0000',
      '0001',
      '0000',
    ]);
    expect(answer.next).toEqual({ dag_id: 'hourly', run_after: new Date(NOON + HOUR).toISOString() });
    expect((await activity(world, {})).bins.length).toBe(96);
  });

  it('foresees one run of a workflow that begins where its last run ends', async () => {
    await define('always', { t: {} }, { schedule: { kind: 'continuous' }, startDate: NOON + HOUR, maxActiveRuns: 1 });
    const { bins } = await activity(world, {});
    expect(bins.reduce((sum, { due }) => sum + due, 0)).toBe(1);
  });

  it('counts workflows with the same schedule each, and of one that ticks often no more than can be drawn', async () => {
    const often: DagSketch = {
      schedule: { kind: 'cron_interval', expression: '* * * * *', timezone: 'UTC' },
      startDate: NOON,
    };
    for (const id of ['one', 'two', 'three']) await define(id, { t: {} }, often);
    const due = async (hours: number) => {
      const { bins } = await activity(world, { from: NOON, to: NOON + hours * HOUR });
      return bins.reduce((sum, each) => sum + each.due, 0);
    };
    expect(await due(2)).toBe(3 * 119);
    expect(await due(100)).toBe(3 * 1_000);
  });
});

describe('workflows', () => {
  const ask = (filter: Partial<WorkflowsFilter> = {}) =>
    workflows(world, { order_by: 'attention', limit: 50, offset: 0, ...filter });
  const names = async (filter: Partial<WorkflowsFilter> = {}) =>
    (await ask(filter)).workflows.map(({ dag_id }) => dag_id);

  beforeEach(async () => {
    await define('bad', { t: {} }, { tags: ['x', 'y'], owner: 'ann' });
    await define('busy', { t: {} }, { tags: ['y'], owner: 'bob' });
    await define(
      'calm',
      { t: {} },
      { schedule: { kind: 'cron_interval', expression: '0 0 * * *', timezone: 'UTC' }, startDate: NOON },
    );
    await define('halted');
    await define('plain', { plain: {} }, { kind: 'flow' });
    await ran('bad', 1, breaks('no'));
    await world.trigger('busy');
    await world.do((e) => pause(e, 'halted'));
  });

  it('come as they need to be looked at, by name, or by when they run next', async () => {
    expect(await names()).toEqual(['bad', 'busy', 'calm', 'plain', 'halted']);
    expect(await names({ order_by: '-dag_id' })).toEqual(['plain', 'halted', 'calm', 'busy', 'bad']);
    expect((await names({ order_by: 'next_run' }))[0]).toBe('calm');
    expect(await names({ limit: 2, offset: 1 })).toEqual(['busy', 'calm']);
  });

  it('can be filtered, and are counted all the same', async () => {
    expect(await names({ q: 'L' })).toEqual(['calm', 'plain', 'halted']);
    expect(await names({ state: 'failed' })).toEqual(['bad']);
    expect(await names({ state: 'running' })).toEqual(['busy']);
    expect(await names({ state: 'paused' })).toEqual(['halted']);
    expect(await names({ tags: ['y'] })).toEqual(['bad', 'busy']);
    expect(await names({ owners: ['bob'] })).toEqual(['busy']);
    expect(await names({ kind: 'flow' })).toEqual(['plain']);
    const { counts, tags, owners, total_entries } = await ask({ state: 'late' });
    expect([counts, tags, owners, total_entries]).toEqual([
      { all: 5, failed: 1, running: 1, late: 0, paused: 1 },
      ['x', 'y'],
      ['ann', 'bob', 'test'],
      0,
    ]);
  });

  it('say how they have done lately and when they run next', async () => {
    expect(await workflow(world, 'bad')).toMatchObject({
      condition: 'failed',
      condition_text: 'HttpError: no',
      condition_run_id: expect.any(String),
      schedule: { text: null, expression: null },
      recent_runs: [{ state: 'failed', duration: 1 }],
      usual: null,
      next_run: null,
      active_runs: 0,
    });
    expect(await workflow(world, 'calm')).toMatchObject({
      condition: null,
      schedule: { text: 'Every day at 00:00', expression: '0 0 * * *', timezone: 'UTC' },
      next_run: { run_after: '2026-01-12T00:00:00.000Z', logical_date: '2026-01-11T00:00:00.000Z' },
    });
    await expect(workflow(world, 'none')).rejects.toMatchObject({ code: 'not_found' });
  });

  it('count every run that goes on, not those that are shown', async () => {
    await define('wide', { t: {} }, { maxActiveRuns: 100 });
    for (let n = 0; n < 70; n += 1) await world.trigger('wide', { runId: `r${n}`, logicalDate: NOON + n });
    expect((await workflow(world, 'wide')).active_runs).toBe(70);
    // Those of a backfill run beside its limit.
    const daily: DagSketch['schedule'] = { kind: 'cron_interval', expression: '0 0 * * *', timezone: 'UTC' };
    await define('filled', { t: {} }, { schedule: daily, startDate: NOON });
    const window = { from: NOON - 96 * HOUR, to: NOON - 24 * HOUR, reverse: false, reprocess: 'none' } as const;
    await world.do((e) => createBackfill(e, { workflow: 'filled', ...window, triggeredBy: 'test' }));
    expect((await workflow(world, 'filled')).active_runs).toBe(0);
    expect(await names({ state: 'running' })).toEqual(expect.arrayContaining(['wide', 'filled']));
  });
});

describe('search', () => {
  it('finds workflows, then tasks, then runs; those first that begin so', async () => {
    await define('daily_orders', { orders: {}, load_orders: {}, mail: {} }, { description: 'What was ordered\nmore' });
    await define('orders');
    await world.trigger('orders', { runId: 'orders_1' });
    const titles = async (text: string) =>
      (await search(world, text, 10)).items.map(({ kind, title, subtitle }) => [kind, title, subtitle].join(' '));
    expect(await titles('Orders')).toEqual([
      'workflow orders dag',
      'workflow daily_orders What was ordered',
      'task orders daily_orders',
      'task load_orders daily_orders',
      'run orders_1 orders',
    ]);
    await define('a_mail');
    await define('mail_of_all');
    expect(await titles('mail')).toEqual(['workflow mail_of_all dag', 'workflow a_mail dag', 'task mail daily_orders']);
    expect(await titles('daily load')).toEqual(['task load_orders daily_orders']);
    expect(await titles('  ')).toEqual([]);
    expect(await titles('%_')).toEqual([]);
    expect((await search(world, 'orders', 1)).items.length).toBe(2);
  });
});
