import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { dag, failNow, group, task } from '../index.ts';
import { decodeValue } from '../model/value.ts';
import { canonicalSpec, firstDifference } from './canonical.ts';
import { drawnWorkflow } from './dag.ts';
import { captureWorkflows } from './drawn.ts';

const plain = task('plain', () => 1);

function specOf(...args: Parameters<typeof dag>) {
  return drawnWorkflow(dag(...args)).spec;
}

describe('options', () => {
  test('of a DAG', () => {
    const spec = specOf(
      'd',
      {
        schedule: { cron: '0 6 * * *' },
        timezone: 'Europe/Berlin',
        startDate: new Date('2026-01-01T00:00:00Z'),
        endDate: '2026-12-31T00:00:00+01:00',
        catchup: true,
        maxActiveTasks: 4,
        runTimeout: { hours: 2 },
        tags: ['a', 'b', 'a'],
        owner: 'data-team',
        failFast: true,
        pausedUponCreation: true,
      },
      () => void plain(),
    );
    expect(spec).toMatchObject({
      schedule: { kind: 'cron', timezone: 'Europe/Berlin' },
      timezone: 'Europe/Berlin',
      startDate: Date.UTC(2026, 0, 1),
      endDate: Date.UTC(2026, 11, 30, 23),
      catchup: true,
      maxActiveTasks: 4,
      runTimeout: 7_200_000,
      tags: ['a', 'b'],
      owner: 'data-team',
      failFast: true,
      pausedUponCreation: true,
    });
  });

  test('of a task', () => {
    const spec = specOf('d', {}, () => {
      task('t', () => {}, {
        retries: 3,
        retryDelay: ['1s', 10, { minutes: 1 }],
        retryExponentialBackoff: true,
        maxRetryDelay: '1h',
        timeout: 'PT30S',
        triggerRule: 'always',
        pool: { name: 'warehouse', slots: 4 },
        priority: 7,
        weightRule: 'absolute',
        limits: { perDag: 8 },
        queue: 'big',
        isolation: 'process',
        memory: '2GB',
        email: 'a@example.com; b@example.com',
        emailOnRetry: false,
        waitForDownstream: true,
        ignoreFirstDependsOnPast: false,
        docs: '# t',
      })();
    });
    expect(spec.tasks[0]).toMatchObject({
      retries: 3,
      retryDelay: [1000, 10_000, 60_000],
      retryBackoff: 2,
      maxRetryDelay: 3_600_000,
      timeout: 30_000,
      triggerRule: 'always',
      pool: 'warehouse',
      poolSlots: 4,
      priorityWeight: 7,
      weightRule: 'absolute',
      priority: 7,
      maxActivePerDag: 8,
      maxActivePerRun: null,
      queue: 'big',
      isolation: 'process',
      memory: 2048,
      email: ['a@example.com', 'b@example.com'],
      emailOnFailure: true,
      emailOnRetry: false,
      dependsOnPast: true,
      waitForDownstream: true,
      ignoreFirstDependsOnPast: false,
      docs: '# t',
    });
  });

  test('defaultArgs: the DAG, then groups from outside to inside, then the task', () => {
    const spec = specOf('d', { defaultArgs: { retries: 1, queue: 'dag', timeout: '1m', priority: 2 } }, () => {
      const body = () => task('t', () => {}, { priority: 9 })();
      group('a', () => group('b', body, { defaultArgs: { queue: 'b' } }), {
        defaultArgs: { queue: 'a', timeout: '2m' },
      });
      plain();
    });
    expect(spec.tasks).toMatchObject([
      { id: 'a.b.t', retries: 1, queue: 'b', timeout: 120_000, priorityWeight: 9 },
      { id: 'plain', retries: 1, queue: 'dag', timeout: 60_000, priorityWeight: 2 },
    ]);
  });

  test('.with() lays options over those of the task', () => {
    const base = task('base', () => {}, { retries: 2, queue: 'q' });
    const spec = specOf('d', {}, () => void [base(), base.with({ name: 'more', retries: 5 })()]);
    expect(spec.tasks).toMatchObject([
      { id: 'base', retries: 2, queue: 'q' },
      { id: 'more', retries: 5, queue: 'q' },
    ]);
    expect(base.with({ name: 'more' }).name).toBe('more');
  });
});

describe('params', () => {
  const body = ({ table }: { table: never }) => void task('t', (_: unknown) => {})(table);

  test('a schema of zod', () => {
    const params = z.object({ table: z.string().default('orders'), day: z.coerce.date().optional() });
    const workflow = drawnWorkflow(dag('d', { schedule: '@daily', params }, body as never));
    expect(workflow.spec.params.defaults).toEqual({ table: '["orders"]' });
    expect(workflow.spec.params.schema).toBeNull();
    expect(workflow.spec.tasks[0]?.input).toEqual({ kind: 'param', name: 'table' });
    expect(workflow.parseParams({ day: '2026-01-01' })).toEqual({
      value: { table: 'orders', day: new Date('2026-01-01') },
    });
    expect(workflow.parseParams({ table: 3 })).toMatchObject({ issues: [{ path: 'table' }] });
  });

  test('a schema that says itself in JSON Schema', () => {
    const params = z.object({ table: z.string().default('orders'), limit: z.number().int().min(1) });
    const { spec } = drawnWorkflow(dag('d', { params }, () => {}));
    expect(spec.params.schema).toMatchObject({ type: 'object', properties: { limit: { minimum: 1 } } });
    expect(spec.params.defaults).toEqual({ table: '["orders"]' });
  });

  test('a JSON Schema', () => {
    const params = {
      type: 'object',
      properties: { table: { type: 'string', default: 'orders', enum: ['orders', 'items'] }, at: { format: 'date' } },
    } as const;
    const workflow = drawnWorkflow(dag('d', { schedule: '@daily', params }, body as never));
    expect(workflow.spec.params).toEqual({ defaults: { table: '["orders"]' }, schema: params });
    expect(workflow.parseParams({ table: 'items' })).toEqual({ value: { table: 'items' } });
    expect(workflow.parseParams({ table: 'x', at: 'y' })).toEqual({
      issues: [
        { path: 'table', message: 'must be equal to one of the allowed values: ["orders","items"]' },
        { path: 'at', message: 'must match format "date"' },
      ],
    });
  });

  test('defaults alone', () => {
    const since = new Date(0);
    const workflow = drawnWorkflow(
      dag('d', { schedule: '@daily', params: { table: 'orders', since, note: null } }, body as never),
    );
    expect(decodeValue(workflow.spec.params.defaults.since!)).toEqual(since);
    expect(workflow.spec.params.schema).toEqual({
      type: 'object',
      properties: { table: { type: 'string', default: 'orders' }, since: {}, note: {} },
    });
    expect(workflow.parseParams({ note: 'x', more: 1 })).toEqual({
      value: { table: 'orders', since, note: 'x', more: 1 },
    });
    expect(workflow.parseParams({ table: 1 })).toEqual({
      issues: [{ path: 'table', message: 'must be of type string, not number' }],
    });
  });

  test('defaults must pass where a schedule starts runs', () => {
    const params = z.object({ table: z.string() });
    dag('manual', { schedule: null, params }, () => {});
    const scheduled = () => dag('scheduled', { schedule: '@daily', params }, () => {});
    expect(scheduled).toThrow(expect.objectContaining({ code: 'invalid_params' }));
    expect(scheduled).toThrow(/table: /);
  });

  test('a name that is no param', () => {
    const wrong = () => dag('d', { params: { table: 'x' } }, (params) => void (params as never as { tabel: 1 }).tabel);
    expect(wrong).toThrow(/no param 'tabel'/);
  });
});

describe('what runs', () => {
  test('bodies, names of instances, decisions about retries', () => {
    const { taskFunctions } = drawnWorkflow(
      dag('d', { defaultArgs: { retry: (error) => !(error instanceof TypeError) } }, () => {
        task('t', (n: number) => n + 1, { instanceName: (n) => `number ${n}` }).over([1]);
        task('later', () => {}, { retry: () => ({ after: '90s' }) })();
        task('broken', () => {}, { retry: () => JSON.parse('{') as boolean })();
      }),
    );
    const first = taskFunctions(0);
    expect(first.run(1, undefined as never)).toBe(2);
    expect(first.instanceName?.(1)).toBe('number 1');
    expect(first.retry(new TypeError())).toBe('never');
    expect(first.retry(new Error())).toBe('normal');
    expect(taskFunctions(1).retry(new Error())).toEqual({ afterMs: 90_000 });
    expect(taskFunctions(1).instanceName).toBeNull();
    expect(taskFunctions(2).retry(new Error())).toBe('normal');
    expect(() => taskFunctions(3)).toThrow(expect.objectContaining({ code: 'internal' }));
    try {
      failNow('enough');
    } catch (error) {
      expect(taskFunctions(1).retry(error)).toBe('never');
    }
  });

  test('captures follow one another', async () => {
    const slow = captureWorkflows(async () => {
      await new Promise((resolve) => setImmediate(resolve));
      dag('slow', {}, () => {});
      dag('slower', {}, () => {});
    });
    const broken = captureWorkflows(async () => {
      throw new Error('import failed');
    });
    const quick = captureWorkflows(async () => dag('quick', {}, () => {}));
    await expect(broken).rejects.toThrow('import failed');
    expect((await slow).map(({ spec }) => spec.id)).toEqual(['slow', 'slower']);
    expect((await quick).map(({ spec }) => spec.id)).toEqual(['quick']);
  });
});

test('canonicalSpec does not depend on the order of members, firstDifference names a path', () => {
  const spec = specOf('d', {}, () => void plain());
  const reversed = Object.fromEntries(Object.entries(spec).reverse()) as unknown as typeof spec;
  expect(canonicalSpec(reversed)).toBe(canonicalSpec(spec));
  expect(JSON.parse(canonicalSpec(spec))).toEqual(spec);
  expect(firstDifference(spec, reversed)).toBeNull();
  expect(firstDifference({ a: [1, { b: 2 }] }, { a: [1, { b: 3 }] })).toEqual({ path: 'a[1].b', first: 2, second: 3 });
  expect(firstDifference({ a: [1] }, { a: [1, 2] })).toEqual({ path: 'a[1]', first: undefined, second: 2 });
});
