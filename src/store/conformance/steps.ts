import { expect, test } from 'vitest';
import type { StepRow } from '../rows.ts';
import { type Open, withStore } from './open-store.ts';
import { attemptRow, NOON, oneRun } from './sample.ts';

function step(run: number, task: number, change: Partial<StepRow> = {}): StepRow {
  return {
    run,
    task,
    index: 0,
    name: `call ${task}`,
    state: 'running',
    attempt: 1,
    maxAttempts: 1,
    startedAt: NOON,
    endedAt: null,
    reason: null,
    worker: 'w1',
    inputHash: null,
    ...change,
  };
}

export function stepConformance(open: Open): void {
  test(
    'calls are recorded, moved on, and come back in order with what they gave',
    withStore(open, async (store) => {
      const { id } = await oneRun(store);
      await store.transaction(async (tx) => {
        expect(await tx.steps.count(id)).toBe(0);
        await tx.steps.record([]);
        await tx.steps.record([
          step(id, 2),
          step(id, 1, { inputHash: 'h', name: 'a "b", {c}' }),
          step(id, 1, { index: 1 }),
        ]);
        await tx.steps.record([
          step(id, 1, { state: 'success', endedAt: NOON + 1, name: 'not the first name', inputHash: 'h' }),
          step(id, 2, { state: 'failed', endedAt: NOON + 2, reason: 'error', attempt: 2 }),
        ]);
        await tx.outputs.put([
          { run: id, task: 1, index: 0, key: 'return_value', value: { kind: 'inline', data: '7' }, length: null },
        ]);
        await tx.attempts.insert([
          attemptRow({ run: id, task: 2, index: 0 }, { attempt: 1, error: '"first"' }),
          attemptRow({ run: id, task: 2, index: 0 }, { attempt: 2, error: '"second"' }),
        ]);
        const journal = await tx.steps.journal(id, { offset: 0, limit: 10 });
        expect(journal).toEqual([
          {
            task: 1,
            index: 0,
            name: 'a "b", {c}',
            state: 'success',
            attempt: 1,
            inputHash: 'h',
            value: { kind: 'inline', data: '7' },
            error: null,
          },
          {
            task: 1,
            index: 1,
            name: 'a "b", {c}',
            state: 'running',
            attempt: 1,
            inputHash: null,
            value: null,
            error: null,
          },
          {
            task: 2,
            index: 0,
            name: 'call 2',
            state: 'failed',
            attempt: 2,
            inputHash: null,
            value: null,
            error: '"second"',
          },
        ]);
        expect(await tx.steps.journal(id, { offset: 1, limit: 1 })).toEqual([journal[1]]);
        expect(await tx.steps.journal(id, { offset: 3, limit: 1 })).toEqual([]);
        expect(await tx.steps.count(id)).toBe(3);
      });
    }),
  );

  test(
    'a call that comes twice in one batch is as it was last',
    withStore(open, async (store) => {
      const { id } = await oneRun(store);
      await store.transaction(async (tx) => {
        await tx.steps.record([step(id, 1), step(id, 1, { state: 'success', endedAt: NOON + 1 })]);
        expect(await tx.steps.journal(id, { offset: 0, limit: 10 })).toMatchObject([{ task: 1, state: 'success' }]);
      });
    }),
  );

  test(
    'a call that has succeeded stays as it is',
    withStore(open, async (store) => {
      const { id } = await oneRun(store);
      await store.transaction(async (tx) => {
        await tx.steps.record([step(id, 1, { state: 'success', endedAt: NOON })]);
        await tx.steps.record([step(id, 1, { state: 'failed', attempt: 2, endedAt: NOON })]);
        expect(await tx.steps.journal(id, { offset: 0, limit: 10 })).toMatchObject([{ state: 'success', attempt: 1 }]);
      });
    }),
  );

  test(
    'running ones are ended; failed ones, or all, are forgotten',
    withStore(open, async (store) => {
      const { id } = await oneRun(store);
      await store.transaction(async (tx) => {
        await tx.steps.record([
          step(id, 1, { state: 'success', endedAt: NOON }),
          step(id, 2),
          step(id, 3, { state: 'up_for_retry' }),
          step(id, 4, { state: 'upstream_failed', endedAt: NOON }),
        ]);
        await tx.outputs.put([
          { run: id, task: 1, index: 0, key: 'return_value', value: { kind: 'inline', data: '7' }, length: null },
        ]);
        const states = async () => (await tx.steps.journal(id, { offset: 0, limit: 10 })).map(({ state }) => state);
        expect(await tx.steps.endRunning(id, NOON + 9, 'cancelled')).toBe(2);
        expect(await states()).toEqual(['success', 'failed', 'failed', 'upstream_failed']);
        expect(await tx.instances.ofTask(id, 2)).toMatchObject([{ endedAt: NOON + 9, reason: 'cancelled' }]);
        expect(await tx.steps.endRunning(id, NOON, 'cancelled')).toBe(0);
        await tx.steps.forgetFailed(id);
        expect(await states()).toEqual(['success', 'none', 'none', 'none']);
        await tx.steps.forgetAll(id);
        expect(await states()).toEqual(['none', 'none', 'none', 'none']);
      });
      expect(await store.queries.outputs(id)).toEqual([]);
    }),
  );

  test(
    'the cache gives the output that a key stands for, until it expires or is gone',
    withStore(open, async (store) => {
      const { id } = await oneRun(store);
      const key = (task: number) => ({ run: id, task, index: 0 });
      await store.transaction(async (tx) => {
        await tx.outputs.put(
          [1, 2].map((task) => ({
            ...key(task),
            key: 'return_value',
            value: { kind: 'inline', data: `${task}` } as const,
            length: null,
          })),
        );
        await tx.cache.put([
          { key: 'a', ...key(2), createdAt: 1, expiresAt: null },
          { key: 'a', ...key(1), createdAt: 1, expiresAt: null },
          { key: 'b', ...key(2), createdAt: 1, expiresAt: 100 },
          { key: 'c', ...key(9), createdAt: 1, expiresAt: null },
        ]);
        await tx.cache.put([]);
        expect(await tx.cache.get('a', 1_000_000)).toMatchObject({ ...key(1), value: { data: '1' } });
        expect(await tx.cache.get('b', 99)).toMatchObject(key(2));
        expect(await tx.cache.get('b', 100)).toBeNull();
        expect(await tx.cache.get('c', 1)).toBeNull();
        expect(await tx.cache.get('d', 1)).toBeNull();
        await tx.cache.put([{ key: 'b', ...key(1), createdAt: 200, expiresAt: 300 }]);
        expect(await tx.cache.get('b', 250)).toMatchObject(key(1));
      });
    }),
  );
}
