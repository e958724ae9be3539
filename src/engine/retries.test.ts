import { afterEach, describe, expect, it } from 'vitest';
import { logicalDateText, retryDelay } from '../model/retry-delay.ts';
import { SqliteStore } from '../store/sqlite/store.ts';
import type { Mail } from './mail.ts';
import { EngineWorld, type WorldOptions } from './testing/engine-world.ts';
import { FaultyStore } from './testing/faulty-store.ts';
import { fails, isLost, skips, succeeds } from './testing/scripted-executor.ts';
import { dagSpec, type TaskSketch } from './testing/spec-builder.ts';

let store: SqliteStore;
let world: EngineWorld;

async function start(tasks: Record<string, TaskSketch>, options: WorldOptions = {}): Promise<EngineWorld> {
  store = SqliteStore.open(':memory:');
  await store.migrate();
  world = await EngineWorld.start(store, options);
  await world.publish(dagSpec('d', tasks));
  return world;
}

afterEach(async () => {
  await world.engine.stop(0);
  await store.close();
});

const state = async (run: { id: number }, name = 't') => (await world.states(run))[name];

describe('retries', () => {
  it('waits the retry delay on the clock, and no millisecond less', async () => {
    const { executor } = await start({ t: { retries: 1, retryDelay: 60_000 } });
    executor.answer('t', ({ attempt }) => (attempt === 1 ? fails() : succeeds()));
    const run = await world.trigger('d');
    expect(await state(run)).toBe('up_for_retry');
    expect((await world.run(run)).state).toBe('running');
    await world.advance(59_999);
    expect(executor.started).toEqual(['t#1']);
    await world.advance(1);
    expect(executor.started).toEqual(['t#1', 't#2']);
    expect((await world.run(run)).state).toBe('success');
  });

  it('gives up when no attempt is left', async () => {
    const { executor } = await start({ t: { retries: 2, retryDelay: 1000 }, below: { after: ['t'] } });
    executor.answer('t', fails());
    const run = await world.trigger('d');
    await world.advance(10_000);
    expect(executor.started).toEqual(['t#1', 't#2', 't#3']);
    expect(await world.states(run)).toEqual({ t: 'failed', below: 'upstream_failed' });
    const rows = await store.queries.attempts(run.id);
    expect(rows.map(({ attempt, outcome, reason }) => [attempt, outcome, reason])).toEqual([
      [1, 'failed', 'error'],
      [2, 'failed', 'error'],
      [3, 'failed', 'error'],
    ]);
  });

  it('takes the delays of a list one after the other, its last one again and again', async () => {
    const { executor, clock } = await start({ t: { retries: 3, retryDelay: [1000, 5000] } });
    executor.answer('t', fails());
    const begin = clock.now();
    const run = await world.trigger('d');
    await world.advance(60_000);
    const attempts = await store.queries.attempts(run.id);
    expect(attempts.map(({ startedAt }) => startedAt - begin)).toEqual([0, 1000, 6000, 11_000]);
  });

  it('backs off as Airflow does, jitter and all', async () => {
    const { executor, clock } = await start({
      t: { retries: 2, retryDelay: 10_000, retryBackoff: 2, maxRetryDelay: 3_600_000 },
    });
    executor.answer('t', fails());
    const logicalDate = Date.UTC(2026, 0, 1);
    const begin = clock.now();
    const run = await world.trigger('d', { logicalDate });
    await world.advance(3_600_000);
    const wait = (attempt: number) =>
      retryDelay({
        dagId: 'd',
        taskId: 't',
        logicalDateText: logicalDateText(logicalDate),
        attempt,
        retryDelayMs: 10_000,
        backoff: 2,
        maxRetryDelayMs: 3_600_000,
      });
    const attempts = await store.queries.attempts(run.id);
    expect(attempts.map(({ startedAt }) => startedAt - begin)).toEqual([0, wait(1), wait(1) + wait(2)]);
    expect(wait(1)).toBeGreaterThanOrEqual(10_000);
  });

  it('does not try again what said that it is no use', async () => {
    const { executor } = await start({ t: { retries: 5 } });
    executor.answer('t', fails('never'));
    const run = await world.trigger('d');
    expect(await state(run)).toBe('failed');
    expect(executor.started).toEqual(['t#1']);
  });

  it('waits as long as the attempt itself asked for', async () => {
    const { executor } = await start({ t: { retries: 1, retryDelay: 1000 } });
    executor.answer('t', ({ attempt }) => (attempt === 1 ? fails({ afterMs: 90_000 }) : succeeds()));
    const run = await world.trigger('d');
    await world.advance(89_999);
    expect(await state(run)).toBe('up_for_retry');
    await world.advance(1);
    expect(await state(run)).toBe('success');
  });

  it('takes a skip for an end, not for a failure', async () => {
    const { executor } = await start({ t: { retries: 3 }, below: { after: ['t'] } });
    executor.answer('t', skips);
    const run = await world.trigger('d');
    expect(await world.states(run)).toEqual({ t: 'skipped', below: 'skipped' });
    expect((await world.run(run)).state).toBe('success');
    expect(await world.logOf(run, 't')).toEqual(['skipped itself: not today']);
  });

  it('calls a sensor again at the time that it asked for, without using up an attempt', async () => {
    const { executor, clock } = await start({ t: { kind: 'sensor', retries: 1, retryDelay: 1000 } });
    const again = clock.now() + 30_000;
    let calls = 0;
    executor.answer('t', () => {
      calls += 1;
      if (calls < 3) return { kind: 'rescheduled', at: again + (calls - 1) * 30_000 };
      return calls === 3 ? fails() : succeeds();
    });
    const run = await world.trigger('d');
    expect(await state(run)).toBe('up_for_reschedule');
    await world.advance(30_000);
    expect(calls).toBe(2);
    await world.advance(30_000);
    expect(await state(run)).toBe('up_for_retry');
    await world.advance(1000);
    expect((await world.run(run)).state).toBe('success');
  });

  it('says in the log of each attempt how it ended', async () => {
    const { executor } = await start({ t: { retries: 1, retryDelay: 1000 } });
    executor.answer('t', fails());
    const run = await world.trigger('d');
    await world.advance(1000);
    expect(await world.logOf(run, 't', 1)).toEqual([
      'attempt 1 failed (error): it broke; it is tried again (attempt 2 of 2)',
    ]);
    expect(await world.logOf(run, 't', 2)).toEqual(['attempt 2 failed (error): it broke; no attempt is left']);
  });
});

describe('lost workers', () => {
  it('runs again at once without using up a retry', async () => {
    const { executor } = await start({ t: {} });
    executor.answer('t', ({ attempt }) => (attempt === 1 ? isLost('killed') : succeeds()));
    const run = await world.trigger('d');
    expect(await state(run)).toBe('success');
    expect(executor.started).toEqual(['t#1', 't#2']);
    expect(await world.logOf(run, 't', 1)).toEqual([
      'attempt 1 was lost (killed); it runs again, without using up a retry',
    ]);
  });

  it('still has all of its retries after a loss', async () => {
    const { executor } = await start({ t: { retries: 1 } });
    executor.answer('t', ({ attempt }) => (attempt === 1 ? isLost() : fails()));
    const run = await world.trigger('d');
    await world.advance(1);
    expect(executor.started).toEqual(['t#1', 't#2', 't#3']);
    expect(await state(run)).toBe('failed');
  });

  it('gives a task up that kills its workers, after the number of times that is allowed', async () => {
    const { executor } = await start({ t: { retries: 5 } }, { maxLost: 2 });
    executor.answer('t', isLost('out_of_memory'));
    const run = await world.trigger('d');
    expect(executor.started).toEqual(['t#1', 't#2', 't#3']);
    expect(await state(run)).toBe('failed');
    expect((await store.queries.attempts(run.id)).map(({ outcome }) => outcome)).toEqual(['lost', 'lost', 'lost']);
    expect(await world.logOf(run, 't', 3)).toEqual(['attempt 3 was lost (out_of_memory); no attempt is left']);
  });

  it('does not blame the task for a worker that could not be started', async () => {
    const { executor } = await start({ t: {} }, { maxLost: 1 });
    executor.answer('t', ({ attempt }) => (attempt <= 10 ? isLost('start_failed') : succeeds()));
    const run = await world.trigger('d');
    expect(await state(run)).toBe('success');
    expect(executor.started).toHaveLength(11);
  });
});

describe('mail', () => {
  const email = { email: ['ops@example.org'], emailOnFailure: true, emailOnRetry: true };

  it('is sent for a retry and for the last failure', async () => {
    const mails: Mail[] = [];
    const { executor } = await start(
      { t: { ...email, retries: 1, retryDelay: 1000 } },
      { mailer: { send: async (mail) => void mails.push(mail) } },
    );
    executor.answer('t', fails());
    await world.trigger('d', { runId: 'r' });
    await world.advance(1000);
    expect(mails.map(({ to, subject }) => [to, subject])).toEqual([
      [['ops@example.org'], 'd: t failed and will be tried again'],
      [['ops@example.org'], 'd: t failed'],
    ]);
    expect(mails[1]!.text).toContain('it broke');
    await world.advance(3_600_000);
    expect(mails).toHaveLength(2);
  });

  it('is sent again until it could be sent, under the same message id', async () => {
    const ids: string[] = [];
    const mailer = {
      send: async ({ messageId }: Mail) => {
        ids.push(messageId);
        if (ids.length < 3) throw new Error('no connection');
      },
    };
    const { executor } = await start({ t: { ...email } }, { mailer });
    executor.answer('t', fails());
    const run = await world.trigger('d');
    expect((await world.run(run)).state).toBe('failed');
    expect(ids).toHaveLength(1);
    await world.advance(60_000);
    expect(ids).toHaveLength(2);
    await world.advance(600_000);
    expect(ids).toHaveLength(3);
    expect(new Set(ids).size).toBe(1);
    expect(world.errors).toHaveLength(2);
  });

  it('is sent by the next server when this one died over it', async () => {
    const mails: Mail[] = [];
    store = SqliteStore.open(':memory:');
    await store.migrate();
    const mortal = new FaultyStore(store);
    world = await EngineWorld.start(mortal, { mailer: { send: () => new Promise(() => {}) } });
    await world.publish(dagSpec('d', { t: { ...email } }));
    const { executor, clock } = world;
    executor.answer('t', fails());
    await world.trigger('d');
    mortal.fault = 'dead';
    const next = await EngineWorld.start(store, { clock, mailer: { send: async (mail) => void mails.push(mail) } });
    expect(mails).toEqual([]);
    await next.advance(60_000);
    expect(mails).toHaveLength(1);
    world = next;
  });
});
