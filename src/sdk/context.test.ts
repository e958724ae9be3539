import { expect, test } from 'vitest';
import { connection, context, dag, mask, secret, skip, state, task, variable } from '../index.ts';
import { parseConnection } from '../model/connection.ts';
import { buildContext, type ContextFacts } from './build-context.ts';
import type { Context } from './context.ts';
import { type AttemptScope, withScope } from './scope.ts';
import { SkipSignal } from './signals.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };

function facts(run: Partial<ContextFacts['run']> = {}): ContextFacts & { readonly reports: (number | null)[][] } {
  const reports: (number | null)[][] = [];
  return {
    run: {
      runId: 'scheduled__2026-05-11T21:25:00+00:00',
      workflow: 'd',
      type: 'scheduled',
      logicalDate: Date.UTC(2026, 4, 11, 20, 25),
      intervalStart: Date.UTC(2026, 4, 11, 20, 25),
      intervalEnd: Date.UTC(2026, 4, 11, 21, 25),
      runAfter: Date.UTC(2026, 4, 11, 21, 25),
      startedAt: null,
      previousSuccess: { intervalStart: null, intervalEnd: null, startedAt: 1, endedAt: 2 },
      ...run,
    },
    attempt: { taskId: 't0', attempt: 2, maxAttempts: 4, mapIndex: 3, mapLength: 9 },
    params: () => ({ table: 'x' }),
    conf: () => ({ k: 'v' }),
    log: silent,
    signal: new AbortController().signal,
    reportProgress: (...report) => reports.push(report),
    reports,
  };
}

test('the context has the values of the template variables', () => {
  const built = buildContext(facts());
  expect(built).toMatchObject({
    logicalDate: new Date('2026-05-11T20:25:00Z'),
    dataInterval: { start: new Date('2026-05-11T20:25:00Z'), end: new Date('2026-05-11T21:25:00Z') },
    ds: '2026-05-11',
    dsNodash: '20260511',
    ts: '2026-05-11T20:25:00+00:00',
    tsNodash: '20260511T202500',
    tsNodashWithTz: '20260511T202500+0000',
    taskInstanceKey: 'd__t0__20260511',
    params: { table: 'x' },
    run: {
      id: 'scheduled__2026-05-11T21:25:00+00:00',
      workflow: 'd',
      type: 'scheduled',
      logicalDate: new Date('2026-05-11T20:25:00Z'),
      runAfter: new Date('2026-05-11T21:25:00Z'),
      startedAt: null,
      conf: { k: 'v' },
    },
    task: { id: 't0', retries: 3 },
    attempt: 2,
    maxAttempts: 4,
    map: { index: 3, length: 9 },
    previousSuccess: { dataInterval: null, startedAt: new Date(1), endedAt: new Date(2) },
  });
  expect(built.logicalDate).toBe(built.logicalDate);
});

test('a run without logical date has none of its forms', () => {
  const without = {
    logicalDate: null,
    intervalStart: null,
    intervalEnd: null,
    previousSuccess: null,
    runId: 'manual__x',
  };
  const built = buildContext(facts(without));
  for (const name of ['logicalDate', 'dataInterval', 'ds', 'dsNodash', 'ts', 'tsNodash', 'tsNodashWithTz'] as const) {
    expect(() => built[name], name).toThrow(expect.objectContaining({ code: 'invalid_argument' }));
  }
  expect(built.run.logicalDate).toBeNull();
  expect(built.taskInstanceKey).toBe('d__t0__manual__x');
  expect(built.previousSuccess).toBeNull();
});

test('params are decoded once, when they are looked at', () => {
  let asked = 0;
  const built = buildContext({ ...facts(), params: () => ({ asked: ++asked }) });
  expect(asked).toBe(0);
  expect([built.params, built.params]).toEqual([{ asked: 1 }, { asked: 1 }]);
});

test('progress passes items on and counts those that are done', async () => {
  const told = facts();
  const { progress } = buildContext(told);
  expect([...progress(['a', 'b'])]).toEqual(['a', 'b']);
  expect(told.reports).toEqual([
    [0, 2],
    [1, 2],
    [2, 2],
  ]);
  told.reports.length = 0;
  const items: number[] = [];
  for await (const item of progress(
    (async function* () {
      yield 1;
      yield 2;
    })(),
  )) {
    items.push(item);
    if (item === 2) break;
  }
  expect(items).toEqual([1, 2]);
  expect(told.reports).toEqual([
    [0, null],
    [1, null],
  ]);
  for await (const item of progress(new Set([7]))) expect(item).toBe(7);
});

function scope(known: Readonly<Record<string, string>> = {}): AttemptScope & { readonly masked: string[] } {
  const masked: string[] = [];
  return {
    context: buildContext(facts()) as Context,
    connection: async (name) => (known[name] === undefined ? undefined : parseConnection(name, known[name])),
    variable: async (name) => known[name],
    secret: async (name) => known[name],
    mask: (value) => void masked.push(value),
    masked,
  };
}

test('connections, variables and secrets come from the scope', async () => {
  const own = scope({
    db: 'postgres://me:s%20t@host:5432/sales?ssl=true',
    plain: 'http://host',
    v: '{"a":1}',
    s: 'hush',
  });
  await withScope(own, async () => {
    const db = connection('db');
    expect(await db.password()).toBe('s t');
    expect([await db.login(), await db.host(), await db.port(), await db.schema()]).toEqual([
      'me',
      'host',
      5432,
      'sales',
    ]);
    expect(await db.extra()).toEqual({ ssl: 'true' });
    expect(await db.uri()).toBe('postgres://me:s%20t@host:5432/sales?ssl=true');
    expect((await db.get()).type).toBe('postgres');
    await expect(connection('plain').password()).rejects.toMatchObject({ code: 'invalid_connection' });
    expect(await variable('v')).toBe('{"a":1}');
    expect(await variable.json<{ a: number }>('v')).toEqual({ a: 1 });
    await expect(variable.json('s')).rejects.toMatchObject({ code: 'invalid_argument' });
    expect(await variable('w', { default: 'x' })).toBe('x');
    expect(await variable.json('w', { default: [1] })).toEqual([1]);
    expect(await secret('s')).toBe('hush');
    mask('token');
    expect(context().ds).toBe('2026-05-11');
  });
  expect(new Set(own.masked)).toEqual(new Set(['s t', 'hush', 'token']));
});

test('what is missing says how to give it', async () => {
  await withScope(scope(), async () => {
    await expect(connection('my-db').uri()).rejects.toMatchObject({
      code: 'missing_connection',
      fix: expect.stringMatching(/MILLRACE_CONN_MY_DB=.*millrace connections add my-db --uri /),
    });
    await expect(variable('scoring.url')).rejects.toMatchObject({
      code: 'missing_variable',
      fix: expect.stringMatching(/MILLRACE_VAR_SCORING_URL.*millrace variables set scoring.url/),
    });
    await expect(secret('api_key')).rejects.toMatchObject({
      code: 'missing_secret',
      fix: expect.stringMatching(/MILLRACE_SECRET_API_KEY.*millrace secrets set api_key/),
    });
  });
});

test('outside of an attempt there is nothing to ask', async () => {
  expect(() => context()).toThrow(expect.objectContaining({ code: 'invalid_wiring' }));
  await expect(connection('x').uri()).rejects.toMatchObject({ code: 'invalid_wiring' });
  await expect(variable('x')).rejects.toThrow(/only while a task or a flow runs/);
  await expect(secret('x')).rejects.toThrow(/secret\('x'\)/);
  expect(() => mask('x')).toThrow();
});

test('a task called inside of a task says so; inside of a flow it runs', async () => {
  const add = task('add', (n: number) => n + 1);
  expect(() => withScope(scope(), () => add(1))).toThrow(/task 'add' is called inside of task 't0'/);
  const call = (definition: { readonly name: string }, input: unknown) => {
    const result = Promise.resolve([definition.name, input]);
    return { result, state: result.then((value) => state.completed(value)), waitFor: () => false };
  };
  const flow = { call, callFlow: call };
  expect(await withScope({ ...scope(), flow }, () => add(1))).toEqual(['add', 1]);
  // A DAG that is defined while a flow runs is drawn all the same.
  withScope({ ...scope(), flow }, () => dag('inner', {}, () => void add(1)));
});

test('skip is no error', () => {
  try {
    skip('nothing to do');
  } catch (signal) {
    expect(signal).not.toBeInstanceOf(Error);
    expect(SkipSignal.is(signal) && signal.message).toBe('nothing to do');
  }
  expect(SkipSignal.is(new Error())).toBe(false);
});
