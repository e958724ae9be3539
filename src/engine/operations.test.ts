import { afterEach, describe, expect, it } from 'vitest';
import { SqliteStore } from '../store/sqlite/store.ts';
import { cancelRun, operate, publish, putPool, trigger } from './operations.ts';
import { EngineWorld, publication } from './testing/engine-world.ts';
import { fails } from './testing/scripted-executor.ts';
import { dagSpec, type TaskSketch } from './testing/spec-builder.ts';

let store: SqliteStore;
let world: EngineWorld;

async function start(tasks: Record<string, TaskSketch> = { t: {} }): Promise<EngineWorld> {
  store = SqliteStore.open(':memory:');
  await store.migrate();
  world = await EngineWorld.start(store);
  world.executor.answerOthers('hold');
  await world.publish(dagSpec('d', tasks));
  return world;
}

afterEach(async () => {
  expect(world.errors).toEqual([]);
  await world.engine.stop(0);
  await store.close();
});

describe('cancelling a run', () => {
  it('stops what runs, fails what has not ended, and starts nothing more', async () => {
    const { executor } = await start({ a: {}, b: { after: ['a'] }, c: { retries: 3, retryDelay: 1000 } });
    const run = await world.trigger('d');
    executor.finish('c', fails());
    await world.settle();
    expect(await world.do((e) => cancelRun(e, run))).toBe(true);
    expect(await world.run(run)).toMatchObject({ state: 'cancelled', reason: 'cancelled' });
    expect(await world.states(run)).toEqual({ a: 'failed', b: 'failed', c: 'failed' });
    expect(executor.cancelled).toEqual([{ name: 'a', reason: 'cancelled' }]);
    expect(await world.logOf(run, 'a')).toEqual(['attempt 1 was stopped (cancelled)']);
    await world.advance(60_000);
    expect(executor.started).toEqual(['a#1', 'c#1']);
  });

  it('ignores what the stopped attempt still reports, and says so', async () => {
    const { executor } = await start();
    const run = await world.trigger('d');
    await world.do((e) => cancelRun(e, run));
    executor.finish('t');
    await world.settle();
    expect(await world.states(run)).toEqual({ t: 'failed' });
    expect(await world.eventsOf('report.ignored')).toHaveLength(1);
    expect((await store.queries.attempts(run.id)).map(({ outcome }) => outcome)).toEqual(['cancelled']);
  });

  it('does nothing to a run that has ended, and lets the next one start', async () => {
    const { executor } = await start();
    await world.publish(dagSpec('one', { t: {} }, { maxActiveRuns: 1 }));
    const first = await world.trigger('one');
    const second = await world.trigger('one');
    await world.do((e) => cancelRun(e, first));
    expect((await world.run(second)).state).toBe('running');
    executor.finish('t');
    await world.settle();
    expect(await world.do((e) => cancelRun(e, first))).toBe(false);
  });

  it('of a queued run needs no worker', async () => {
    await start();
    await world.publish(dagSpec('one', { t: {} }, { maxActiveRuns: 1 }));
    await world.trigger('one');
    const queued = await world.trigger('one');
    expect(await world.do((e) => cancelRun(e, queued))).toBe(true);
    expect((await world.run(queued)).state).toBe('cancelled');
  });
});

describe('triggering', () => {
  it('refuses an unknown workflow, and a run that is there already', async () => {
    await start();
    await expect(world.trigger('nothing')).rejects.toMatchObject({ code: 'not_found' });
    const logicalDate = Date.UTC(2026, 0, 1);
    await world.trigger('d', { logicalDate });
    await expect(world.trigger('d', { logicalDate })).rejects.toMatchObject({ code: 'conflict' });
    await world.trigger('d', { runId: 'once' });
    await expect(world.trigger('d', { runId: 'once' })).rejects.toMatchObject({ code: 'conflict' });
  });

  it('tells the attempt what the run was given', async () => {
    const { executor } = await start();
    await world.publish(dagSpec('p', { t: {} }, { params: { day: 'monday', n: 1 } }));
    await world.trigger('p', { conf: { n: 2 }, logicalDate: Date.UTC(2026, 0, 1), runId: 'r' });
    const { facts } = executor.held('t');
    expect(facts).toMatchObject({
      workflow: 'p',
      runId: 'r',
      type: 'manual',
      logicalDate: Date.UTC(2026, 0, 1),
      conf: '{"n":2}',
      params: { day: '["monday"]', n: '[2]' },
      bundle: { hash: 'bundle', path: 'bundle.js' },
    });
  });

  it('works without an engine, on the same store; the engine notices', async () => {
    const { executor } = await start();
    await operate(store, world.clock, (e) =>
      trigger(
        e,
        { random: () => 'x' },
        { workflow: 'd', conf: {}, triggeredBy: 'cli', logicalDate: null, runId: 'cli' },
      ),
    );
    expect(executor.running).toEqual([]);
    await world.advance(5000);
    expect(executor.running).toEqual(['t']);
  });
});

describe('publishing', () => {
  it('lets a run go on with the version that it began with', async () => {
    const { executor } = await start({ a: {}, b: { after: ['a'] } });
    const run = await world.trigger('d');
    await world.publish(dagSpec('d', { other: {} }));
    executor.finish('a');
    await world.settle();
    executor.finish('b');
    await world.settle();
    expect((await world.run(run)).state).toBe('success');
    const next = await world.trigger('d');
    expect(await world.states(next)).toEqual({ other: 'running' });
    expect((await store.queries.workflow('d'))!.versionNumber).toBe(2);
  });

  it('makes no new version of what is as it was', async () => {
    await start();
    await world.publish(dagSpec('d', { t: {} }), dagSpec('d', { t: {} }));
    expect((await store.queries.workflow('d'))!.versionNumber).toBe(1);
    expect(await world.eventsOf('workflow.published')).toHaveLength(1);
  });

  it('keeps the workflows of a file that has an error now, and the error until it is gone', async () => {
    await start();
    const error = { line: 3, column: 1, code: 'parse_error', message: 'unexpected }', fix: null, frame: null };
    const broken = { ...publication([], 'd.ts'), errors: [error] };
    await world.do((e) => publish(e, broken));
    expect((await store.queries.workflow('d'))!.present).toBe(true);
    const errors = () => store.transaction((tx) => tx.importErrors.list());
    expect(await errors()).toMatchObject([{ file: 'd.ts', line: 3, message: 'unexpected }' }]);
    await world.publish(dagSpec('d', { t: {} }));
    expect(await errors()).toEqual([]);
  });

  it('retires what its file no longer defines; what runs goes on', async () => {
    const { executor } = await start();
    const run = await world.trigger('d');
    await world.do((e) => publish(e, publication([dagSpec('new', { t: {} })], 'd.ts')));
    expect((await store.queries.workflow('d'))!.present).toBe(false);
    executor.finish('t');
    await world.settle();
    expect((await world.run(run)).state).toBe('success');
  });
});

describe('what the engine tells', () => {
  it('announces events once they are durable, in order', async () => {
    const { executor } = await start({ a: {}, b: { after: ['a'] } });
    const run = await world.trigger('d');
    executor.finish('a');
    await world.settle();
    executor.finish('b');
    await world.settle();
    const announced = world.events.filter((event) => event.run === run.id).map(({ kind }) => kind);
    const written = (await store.queries.events({ after: 0, run: run.id })).map(({ kind }) => kind);
    expect(announced).toEqual(written);
    expect(written).toEqual([
      'run.queued',
      'run.running',
      'instance.queued',
      'instance.running',
      'instance.success',
      'instance.queued',
      'instance.running',
      'instance.success',
      'run.success',
    ]);
  });

  it('keeps the lines of a body in its own log', async () => {
    const { executor } = await start({ a: {}, b: {} });
    const run = await world.trigger('d');
    const line = (message: string) => ({ at: world.clock.now(), level: 'info', source: 'task', message }) as const;
    executor.log('a', line('one'), line('two'));
    executor.log('b', line('other'));
    await world.settle();
    expect(await world.logOf(run, 'a')).toEqual(['one', 'two']);
    expect(await world.logOf(run, 'b')).toEqual(['other']);
  });

  it('answers what a body asks for, and an error as an error', async () => {
    const { executor } = await start();
    await world.trigger('d');
    const { token } = executor.held('t').order;
    expect(await executor.events.ask(token, { kind: 'variable', name: 'x' })).toEqual({ text: null });
    expect(await executor.events.ask('nonsense', { kind: 'collected', task: 0, offset: 0, limit: 1 })).toHaveProperty(
      'error',
    );
  });
});

it('keeps pools as they were put', async () => {
  await start();
  await world.do((e) => putPool(e, { name: 'p', slots: 3, description: 'three', includeDeferred: true }));
  expect(await store.transaction((tx) => tx.pools.get('p'))).toEqual({
    name: 'p',
    slots: 3,
    description: 'three',
    includeDeferred: true,
  });
});
