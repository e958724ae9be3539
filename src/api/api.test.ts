import fc from 'fast-check';
import type { InjectOptions } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBackfill } from '../engine/backfills.ts';
import { EngineWorld } from '../engine/testing/engine-world.ts';
import { FaultyStore } from '../engine/testing/faulty-store.ts';
import { fails } from '../engine/testing/scripted-executor.ts';
import { dagSpec } from '../engine/testing/spec-builder.ts';
import { EventFeed } from '../insight/event-feed.ts';
import { MillraceError } from '../model/errors.ts';
import type { Readings } from '../store/readings.ts';
import { SqliteStore } from '../store/sqlite/store.ts';
import { createApi } from './api.ts';
import { describeApi } from './openapi.ts';
import type { Api } from './route.ts';

let faulty: FaultyStore;
let world: EngineWorld;
let api: Api;
let ending: AbortController;
/** Instead of the store's own. */
let readings: Partial<Readings>;

const bound = (target: object, value: unknown) => (typeof value === 'function' ? value.bind(target) : value);

beforeEach(async () => {
  const store = SqliteStore.open(':memory:');
  await store.migrate();
  faulty = new FaultyStore(store);
  world = await EngineWorld.start(faulty);
  world.executor.answerOthers('hold');
  ending = new AbortController();
  const { engine, clock } = world;
  const feed = new EventFeed(faulty, (error) => {
    throw error;
  });
  readings = {};
  const seen = new Proxy(faulty, {
    get: (target, name) =>
      name === 'readings' ? { ...target.readings, ...readings } : bound(target, Reflect.get(target, name)),
  });
  const parts = { store: seen, engine, clock, feed, ids: { random: () => 'x' }, ending: ending.signal };
  api = createApi({ ...parts, version: '1' }, { describe: (it) => describeApi(it, '1') });
  await api.ready();
});
afterEach(async () => {
  ending.abort();
  await api.close();
  faulty.fault = 'none';
  await world.engine.stop(0);
  await faulty.close();
});

async function ask(method: InjectOptions['method'], url: string, rest: Partial<InjectOptions> = {}) {
  const answer = await api.inject({
    method,
    url,
    ...rest,
    headers: { host: 'localhost', ...rest.headers },
  } as InjectOptions);
  const isJson = String(answer.headers['content-type']).includes('json');
  return { status: answer.statusCode, body: isJson ? answer.json() : answer.body, headers: answer.headers };
}

const get = (path: string, headers: Record<string, string> = {}) => ask('GET', `/api/v2${path}`, { headers });

/** Runs that succeeded, failed, go on and wait, of a DAG with groups and of a flow, and a backfill. */
async function history(): Promise<void> {
  const spec = dagSpec(
    'd',
    { a: { retries: 1, retryDelay: 60_000 }, b: { after: ['a'], group: 'g' } },
    {
      groups: { g: () => null },
      params: { n: 1 },
      maxActiveRuns: 2,
      schedule: { kind: 'cron_interval', expression: '0 0 * * *', timezone: 'UTC' },
      startDate: Date.UTC(2027, 0, 1),
    },
  );
  await world.publish(spec, dagSpec('f', { f: {} }, { kind: 'flow' }));
  await world.trigger('d', { runId: 'done' });
  for (const task of ['a', 'b']) {
    world.executor.log(task, { at: 5, level: 'info', source: 'task', message: 'hello' });
    world.executor.finish(task);
    await world.settle();
  }
  await world.trigger('d', { runId: 'failing' });
  world.executor.finish('a', fails());
  await world.settle();
  await world.trigger('d', { runId: 'r' });
  await world.trigger('d', { runId: 'waiting' });
  await world.trigger('f', { runId: 'r' });
  const window = { from: Date.UTC(2025, 0, 1), to: Date.UTC(2025, 0, 3), reverse: false, reprocess: 'none' } as const;
  await world.do((e) => createBackfill(e, { workflow: 'd', ...window, triggeredBy: 'test', maxActiveRuns: 1 }));
}

interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly required?: boolean }[];
}
/** What can be read, by path; the stream does not end. */
function readable(): [string, Operation][] {
  const paths = Object.entries(api.swagger().paths ?? {}) as [string, { readonly get?: Operation }][];
  return paths.flatMap(([path, { get: operation }]) =>
    operation && !path.endsWith('/stream') ? [[path, operation]] : [],
  );
}

const PARTS: Readonly<Record<string, string>> = {
  dag_id: 'd',
  dag_run_id: 'r',
  task_id: 'a',
  map_index: '-1',
  backfill_id: '1',
};
const filled = (path: string, parts: Readonly<Record<string, string>> = PARTS) =>
  path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(parts[name] ?? 'none'));

const needed = (parameters: NonNullable<Operation['parameters']>) =>
  parameters.flatMap(({ name, in: place, required }) => (place === 'query' && required ? [`${name}=a`] : [])).join('&');

describe('what can be read', () => {
  it('answers as the contract says, about what there is', async () => {
    await history();
    // Answers that do not fit their contract are errors here.
    for (const [path, { parameters = [] }] of readable()) {
      const isKnown = [...path.matchAll(/\{(\w+)\}/g)].every(([, name]) => name! in PARTS);
      for (const dag_run_id of path.includes('{dag_run_id}') ? ['done', 'failing', 'r', 'waiting'] : ['r']) {
        const { status, body } = await ask('GET', `${filled(path, { ...PARTS, dag_run_id })}?${needed(parameters)}`);
        const hasInstances =
          dag_run_id !== 'waiting' || !path.includes('taskInstances/{task_id}') || path.endsWith('why');
        expect([path, dag_run_id, status, body]).toEqual([
          path,
          dag_run_id,
          isKnown && hasInstances ? 200 : expect.any(Number),
          expect.anything(),
        ]);
        expect([path, status < 500]).toEqual([path, true]);
      }
    }
  });

  it('says 404, and of what, about what there is not', async () => {
    await history();
    for (const [path, { parameters = [] }] of readable()) {
      for (const { name } of parameters.filter((each) => each.in === 'path' && each.name in PARTS)) {
        const missing = name.endsWith('_index') || name === 'backfill_id' ? '99' : 'nothing';
        const { status, body } = await ask(
          'GET',
          `${filled(path, { ...PARTS, [name]: missing })}?${needed(parameters)}`,
        );
        expect([path, name, status]).toEqual([path, name, 404]);
        expect(body.detail).toMatch(/ no | not /);
      }
    }
  });

  it('refuses queries that make no sense, and fails over none', async () => {
    await history();
    const queries = readable().flatMap(([path, { parameters = [] }]) =>
      parameters.filter((each) => each.in === 'query').map(({ name }) => ({ path, name })),
    );
    const value = fc.oneof(
      fc.string(),
      fc.constantFrom('', '-1', '0', '1e99', 'NaN', '9007199254740993', '%', '2026-13-01', 'null', '~'),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...queries), value, async ({ path, name }, text) => {
        const { status, body } = await ask('GET', `${filled(path)}?${name}=${encodeURIComponent(text)}`);
        expect([path, name, text, status < 500, body.detail]).toEqual([
          path,
          name,
          text,
          true,
          status < 400 ? undefined : expect.anything(),
        ]);
      }),
      { numRuns: 300 },
    );
  });
});

describe('errors', () => {
  it('have Airflow’s body: what does not fit, where and why', async () => {
    expect(await get('/workflows?limit=-1&state=odd')).toMatchObject({
      status: 422,
      body: {
        detail: [
          { type: expect.any(String), loc: ['query', 'state'], msg: expect.any(String) },
          { loc: ['query', 'limit'] },
        ],
      },
    });
    const posted = await ask('POST', '/api/v2/backfills', { payload: { dag_id: 'd' } });
    expect(posted).toMatchObject({
      status: 422,
      body: { detail: [{ loc: ['body', 'from_date'] }, { loc: ['body', 'to_date'] }] },
    });
  });

  it('say the code and what to do of what Millrace refuses', async () => {
    await history();
    const backfill = { dag_id: 'd', from_date: '2025-01-01', to_date: '2025-01-02' };
    expect(await ask('POST', '/api/v2/backfills', { payload: backfill })).toMatchObject({
      status: 409,
      body: {
        code: 'conflict',
        detail: expect.stringContaining('(1)'),
        fix: expect.stringContaining('millrace backfill cancel'),
      },
    });
    expect(await ask('POST', '/api/v2/backfills', { payload: { ...backfill, from_date: 'soon' } })).toMatchObject({
      status: 400,
      body: { code: 'invalid_date', detail: expect.stringContaining('from_date') },
    });
    expect(
      await ask('POST', '/api/v2/dags/d/dagRuns', { payload: { logical_date: null, dag_run_id: 'done' } }),
    ).toMatchObject({ status: 409 });
    const odd = { logical_date: null, dag_run_id: 'not an id' };
    expect(await ask('POST', '/api/v2/dags/d/dagRuns', { payload: odd })).toMatchObject({
      status: 400,
      body: { code: 'invalid_id' },
    });
    expect(await get('/nothing')).toMatchObject({
      status: 404,
      body: { detail: 'There is nothing at GET /api/v2/nothing' },
    });
    expect(
      await ask('POST', '/api/v2/dags/d/dagRuns', { payload: '{', headers: { 'content-type': 'application/json' } }),
    ).toMatchObject({
      status: 400,
      body: { detail: expect.any(String) },
    });
  });

  it('say that the database is away to who asks; what is to be done is done when it is back', async () => {
    await history();
    const away = new MillraceError('store_unavailable', 'the database is away', { fix: 'Start it.' });
    readings = { runCounts: () => Promise.reject(away) };
    expect(await get('/attention')).toMatchObject({
      status: 503,
      body: { code: 'store_unavailable', fix: 'Start it.' },
    });
    faulty.fault = 'away';
    const asked = ask('PATCH', '/api/v2/dags/d', { payload: { is_paused: true } });
    await world.advance(10_000);
    expect(faulty.refused).toBeGreaterThan(0);
    faulty.fault = 'none';
    await world.advance(10_000);
    expect(await asked).toMatchObject({ status: 200, body: { is_paused: true } });
  });
});

describe('lists', () => {
  it('are as long as is asked for, up to a limit, and 50 where nothing is said or 0', async () => {
    for (let n = 0; n < 120; n += 1) await world.publish(dagSpec(`w${n}`, { t: {} }));
    const lengthOf = async (query: string) => (await get(`/dags${query}`)).body.dags.length;
    expect([
      await lengthOf(''),
      await lengthOf('?limit=0'),
      await lengthOf('?limit=7'),
      await lengthOf('?limit=1000'),
    ]).toEqual([50, 50, 7, 100]);
    const { body } = await get('/dags?limit=2&offset=119&order_by=dag_id');
    expect([body.total_entries, body.dags.map(({ dag_id }: { dag_id: string }) => dag_id)]).toEqual([120, ['w99']]);
    expect((await get('/dags?offset=500')).body.dags).toEqual([]);
  });

  it('take an instant whose plus was read as a space, and several values of one name', async () => {
    await history();
    const runs = async (query: string) =>
      (await get(`/dags/d/dagRuns?${query}`)).body.dag_runs?.map(
        ({ dag_run_id }: { dag_run_id: string }) => dag_run_id,
      );
    expect(await runs('run_after_gte=2026-01-01T01:00:00+01:00&run_type=manual&order_by=-id')).toEqual([
      'waiting',
      'r',
      'failing',
      'done',
    ]);
    expect(await runs('state=success&state=queued&run_type=manual')).toEqual(['done', 'waiting']);
    expect(await get('/dags/d/dagRuns?order_by=odd')).toMatchObject({
      status: 400,
      body: { code: 'invalid_argument' },
    });
    expect(await get('/dags/d/dagRuns?run_after_gte=soon')).toMatchObject({ status: 422 });
  });
});

it('tells browsers to take nothing from elsewhere, to show it in no frame, and to keep no answer', async () => {
  for (const path of ['/', '/api/v2/version', '/api/v2/nothing', '/runs']) {
    const { headers } = await ask('GET', path);
    expect(headers).toMatchObject({
      'content-security-policy': expect.stringContaining("default-src 'none'"),
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    });
    expect(headers['access-control-allow-origin']).toBeUndefined();
    if (path.startsWith('/api/')) expect(headers['cache-control']).toBe('no-store');
  }
});
