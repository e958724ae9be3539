import { afterEach, describe, expect, it } from 'vitest';
import { EngineWorld } from '../engine/testing/engine-world.ts';
import { fails, isLost, succeeds } from '../engine/testing/scripted-executor.ts';
import { type DagSketch, dagSpec, listOf, type TaskSketch } from '../engine/testing/spec-builder.ts';
import { SqliteStore } from '../store/sqlite/store.ts';
import { instancesTimeline, timeline } from './timeline.ts';
import { VersionCache } from './version-cache.ts';

let store: SqliteStore;
let world: EngineWorld;
let begin: number;

async function start(tasks: Record<string, TaskSketch>, dag: DagSketch = {}): Promise<void> {
  store = SqliteStore.open(':memory:');
  await store.migrate();
  world = await EngineWorld.start(store);
  world.executor.answerOthers('hold');
  await world.publish(dagSpec('d', tasks, dag));
}

afterEach(async () => {
  expect(world.errors).toEqual([]);
  await world.engine.stop(0);
  await store.close();
});

async function begun(runId: string): Promise<void> {
  begin = world.clock.now();
  await world.trigger('d', { runId });
}

async function finish(name: string, seconds: number, outcome = succeeds()): Promise<void> {
  await world.advance(seconds * 1000);
  world.executor.finish(name, outcome);
  await world.settle();
}

const ask = (runId: string) => timeline(world, new VersionCache(), { dagId: 'd', runId });
const since = (iso: string | null) => iso && (Date.parse(iso) - begin) / 1000;

describe('a timeline', () => {
  it('of some tasks has their rows alone, a mapped one in one row', async () => {
    await start({
      a: {},
      each: { mapping: () => ({ kind: 'expand', over: [['n', listOf(1, 2)]] }) },
      b: { after: ['a'] },
    });
    await begun('r');
    await finish('a', 2);
    const only = async (...tasks: string[]) =>
      (await timeline(world, new VersionCache(), { dagId: 'd', runId: 'r', only: tasks })).rows;
    const { rows } = await ask('r');
    const [a] = rows.filter(({ task_id: id }) => id === 'a');
    expect(await only('a')).toEqual([{ ...a, expected: null, is_critical: false }]);
    expect((await only('each', 'b')).map((row) => [row.task_id, row.kind, row.counts])).toEqual([
      ['each', 'mapped', { running: 2 }],
      ['b', 'task', null],
    ]);
    expect(await only('none')).toEqual([]);
  });

  it('has a row each task with its attempts, one behind the other', async () => {
    await start({ a: { retries: 1, retryDelay: 30_000 }, b: { after: ['a'] } });
    await begun('r');
    await finish('a', 2, fails());
    const { rows } = await ask('r');
    expect(rows.map((row) => [row.task_id, row.state, since(row.next_try)])).toEqual([
      ['a', 'up_for_retry', 32],
      ['b', null, null],
    ]);
    await world.advance(30_000);
    await world.advance(5_000);
    const [a, b] = (await ask('r')).rows;
    expect(
      a!.attempts.map((each) => [each.try_number, each.outcome, since(each.start_date), since(each.end_date)]),
    ).toEqual([
      [1, 'failed', 2, 2],
      [2, 'running', 32, null],
    ]);
    expect(a!.attempts[0]!.error).toMatchObject({ type: 'Error', message: 'it broke' });
    expect([a!.max_tries, a!.next_try, b!.attempts]).toEqual([2, null, []]);
  });

  it('expects the rest after what is usual, and shows what the end hangs on', async () => {
    await start({ a: {}, b: { after: ['a'] }, c: { after: ['a'] }, d: { after: ['b', 'c'] } });
    for (let n = 0; n < 5; n += 1) {
      await begun(`r${n}`);
      await finish('a', 10);
      await finish('b', 20);
      await finish('c', 20);
      await finish('d', 5);
    }
    await begun('now');
    await finish('a', 10);
    await world.advance(5_000);
    const { run, rows } = await ask('now');
    expect(
      rows.map((row) => [
        row.task_id,
        since(row.expected?.start ?? null),
        since(row.expected?.end ?? null),
        row.is_critical,
      ]),
    ).toEqual([
      ['a', null, null, true],
      ['b', 10, 30, false],
      ['c', 10, 50, true],
      ['d', 50, 55, true],
    ]);
    expect([since(run.expected_end), run.usual]).toEqual([55, { median: 55, p10: 55, p90: 55, count: 5 }]);
    const over = await ask('r0');
    expect([over.run.expected_end, over.rows.some(({ expected }) => expected)]).toEqual([null, false]);
  });

  it('expects what is held back to begin now, not when it could have begun', async () => {
    await start({ a: {}, b: { after: ['a'] } });
    for (let n = 0; n < 5; n += 1) {
      await begun(`r${n}`);
      await finish('a', 10);
      await finish('b', 20);
    }
    await world.publish(dagSpec('d', { a: {}, b: { after: ['a'], pool: 'nowhere' } }));
    await begun('now');
    await finish('a', 10);
    await world.advance(7_000);
    const { run, rows } = await ask('now');
    const expected = rows[1]!.expected!;
    expect([rows[1]!.state, since(expected.start), since(expected.end), since(run.expected_end)]).toEqual([
      'scheduled',
      17,
      37,
      37,
    ]);
  });

  it('expects nothing where it does not know how long a task takes', async () => {
    await start({ a: {}, b: { after: ['a'] } });
    await begun('r');
    const { run, rows } = await ask('r');
    expect([run.expected_end, rows.map(({ expected }) => expected)]).toEqual([null, [null, null]]);
  });

  it('has one row for a mapped task, and its instances page by page, those not done first', async () => {
    const over: TaskSketch['mapping'] = () => ({ kind: 'expand', over: [['n', listOf(...Array(5).keys())]] });
    await start({ each: { mapping: over, retries: 1, retryDelay: 60_000 } });
    await begun('r');
    for (const n of [0, 1, 2]) await finish(`each[${n}]`, 1);
    await finish('each[3]', 1, fails());
    const { rows, run } = await ask('r');
    expect(rows).toMatchObject([
      { task_id: 'each', kind: 'mapped', counts: { success: 3, up_for_retry: 1, running: 1 }, state: 'up_for_retry' },
    ]);
    expect(rows[0]!.attempts).toMatchObject([{ outcome: 'running', end_date: null }]);
    expect(run.counts).toEqual({ success: 3, up_for_retry: 1, running: 1 });
    const page = await instancesTimeline(world, new VersionCache(), {
      dagId: 'd',
      runId: 'r',
      taskId: 'each',
      limit: 3,
      offset: 0,
    });
    expect(page.total_entries).toBe(5);
    expect(page.rows.map((row) => [row.map_index, row.label, row.state, since(row.next_try)])).toEqual([
      [3, 'each[3]', 'up_for_retry', 64],
      [4, 'each[4]', 'running', null],
      [0, 'each[0]', 'success', null],
    ]);
    await finish('each[4]', 1, fails('never'));
    await world.advance(60_000);
    await finish('each[3]', 1);
    const [ended] = (await ask('r')).rows;
    expect(ended).toMatchObject({ state: 'failed', attempts: [{ outcome: 'failed', error: { message: 'it broke' } }] });
    expect(ended!.end_date).not.toBeNull();
  });

  it('of a flow has its calls, and the time in which nobody was there for it', async () => {
    await start({ d: {} }, { kind: 'flow' });
    await begun('r');
    const { id } = (await world.runs('d'))[0]!;
    const call = { run: id, index: 0, attempt: 1, maxAttempts: 1, reason: null, worker: 'w', inputHash: null };
    const at = world.clock.now();
    await store.transaction(({ steps }) =>
      steps.record([
        { ...call, task: 1, name: 'load', state: 'success', startedAt: at, endedAt: at + 2000 },
        { ...call, task: 2, name: 'child', state: 'running', startedAt: at + 2000, endedAt: null },
        { ...call, task: 3, name: 'child/0/part', state: 'running', startedAt: at + 2001, endedAt: null },
      ]),
    );
    await finish('d', 10, isLost());
    const { rows, run, gaps } = await ask('r');
    expect(rows.map((row) => [row.task_id, row.label, row.kind, row.groups, row.state])).toEqual([
      ['load', 'load', 'step', [], 'success'],
      ['child', 'child', 'child_flow', [], 'running'],
      ['child/0/part', 'part', 'step', ['child', '0'], 'running'],
    ]);
    expect([run.kind, run.counts, gaps]).toEqual(['flow', { success: 1, running: 2 }, []]);
  });
});
