import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ApiWorld, filled, type Operation, PARTS } from '../../test/api-world.ts';
import { dagSpec } from '../engine/testing/spec-builder.ts';
import { MillraceError } from '../model/errors.ts';

let world: ApiWorld;
beforeEach(async () => {
  world = await ApiWorld.start();
});
afterEach(() => world.end());

/** Whether every part of it is known. */
const isWhole = (path: string) => [...path.matchAll(/\{(\w+)\}/g)].every(([, name]) => name! in PARTS);

const needed = (parameters: NonNullable<Operation['parameters']>) =>
  parameters.flatMap(({ name, in: place, required }) => (place === 'query' && required ? [`${name}=a`] : [])).join('&');

describe('what can be read', () => {
  it('answers as the contract says, about what there is', async () => {
    await world.history();
    // Answers that do not fit their contract are errors here.
    for (const [path, { parameters = [] }] of world.readable()) {
      // `a` is not mapped.
      const isKnown = isWhole(path) && !path.endsWith('listMapped');
      for (const dag_run_id of path.includes('{dag_run_id}') ? ['done', 'failing', 'r', 'waiting'] : ['r']) {
        const { status, body } = await world.ask(
          'GET',
          `${filled(path, { ...PARTS, dag_run_id })}?${needed(parameters)}`,
        );
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
    await world.history();
    for (const [path, { parameters = [] }] of world.readable().filter(([path]) => isWhole(path))) {
      for (const { name } of parameters.filter((each) => each.in === 'path' && each.name in PARTS)) {
        // As in Airflow, a list of what there is not is empty.
        if (path.endsWith('xcomEntries')) continue;
        const missing = /_(index|number)$|^backfill_id$/.test(name) ? '99' : 'nothing';
        const { status, body } = await world.ask(
          'GET',
          `${filled(path, { ...PARTS, [name]: missing })}?${needed(parameters)}`,
        );
        expect([path, name, status]).toEqual([path, name, 404]);
        expect(body.detail).toMatch(/ no | not /);
      }
    }
  });

  it('refuses queries that make no sense, and fails over none', async () => {
    await world.history();
    const queries = world
      .readable()
      .flatMap(([path, { parameters = [] }]) =>
        parameters.filter((each) => each.in === 'query').map(({ name }) => ({ path, name })),
      );
    const value = fc.oneof(
      fc.string(),
      fc.constantFrom('', '-1', '0', '1e99', 'NaN', '9007199254740993', '%', '2026-13-01', 'null', '~'),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...queries), value, async ({ path, name }, text) => {
        const { status, body } = await world.ask('GET', `${filled(path)}?${name}=${encodeURIComponent(text)}`);
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
    expect(await world.get('/workflows?limit=-1&state=odd')).toMatchObject({
      status: 422,
      body: {
        detail: [
          { type: expect.any(String), loc: ['query', 'state'], msg: expect.any(String) },
          { loc: ['query', 'limit'] },
        ],
      },
    });
    const posted = await world.ask('POST', '/api/v2/backfills', { payload: { dag_id: 'd' } });
    expect(posted).toMatchObject({
      status: 422,
      body: { detail: [{ loc: ['body', 'from_date'] }, { loc: ['body', 'to_date'] }] },
    });
  });

  it('say the code and what to do of what Millrace refuses', async () => {
    await world.history();
    const backfill = { dag_id: 'd', from_date: '2025-01-01', to_date: '2025-01-02' };
    expect(await world.ask('POST', '/api/v2/backfills', { payload: backfill })).toMatchObject({
      status: 409,
      body: {
        code: 'conflict',
        detail: expect.stringContaining('(1)'),
        fix: expect.stringContaining('millrace backfill cancel'),
      },
    });
    expect(await world.ask('POST', '/api/v2/backfills', { payload: { ...backfill, from_date: 'soon' } })).toMatchObject(
      {
        status: 422,
        body: { detail: [{ loc: ['body', 'from_date'], msg: expect.stringContaining('soon') }] },
      },
    );
    expect(
      await world.ask('POST', '/api/v2/dags/d/dagRuns', { payload: { logical_date: null, dag_run_id: 'done' } }),
    ).toMatchObject({ status: 409 });
    for (const [start_date, end_date] of [
      ['soon', null],
      [null, '2026-02-30'],
    ]) {
      const payload = { dry_run: true, start_date, end_date };
      expect(await world.ask('POST', '/api/v2/dags/d/clearTaskInstances', { payload })).toMatchObject({ status: 422 });
    }
    const odd = { logical_date: null, dag_run_id: 'not an id' };
    expect(await world.ask('POST', '/api/v2/dags/d/dagRuns', { payload: odd })).toMatchObject({
      status: 400,
      body: { code: 'invalid_id' },
    });
    expect(await world.get('/nothing')).toMatchObject({
      status: 404,
      body: { detail: 'There is nothing at GET /api/v2/nothing' },
    });
    expect(
      await world.ask('POST', '/api/v2/dags/d/dagRuns', {
        payload: '{',
        headers: { 'content-type': 'application/json' },
      }),
    ).toMatchObject({
      status: 422,
      body: { detail: [{ type: 'json_invalid', loc: ['body'] }] },
    });
  });

  it('mean UTC where a time has no zone, whatever the zone of the server', async () => {
    await world.history();
    const payload = { logical_date: '2025-03-01T06:00:00', dag_run_id: 'x' };
    const { body } = await world.ask('POST', '/api/v2/dags/d/dagRuns', { payload });
    expect(body.logical_date).toMatch(/^2025-03-01T06:00:00/);
    expect(
      (await world.get('/dags/d/dagRuns?logical_date_gte=2025-03-01T06:00:00')).body.total_entries,
    ).toBeGreaterThan(0);
  });

  it('say that the database is away to who asks, and do what is asked for over a blip', async () => {
    await world.history();
    const away = new MillraceError('store_unavailable', 'the database is away', { fix: 'Start it.' });
    world.readings = { runCounts: () => Promise.reject(away) };
    expect(await world.get('/attention')).toMatchObject({
      status: 503,
      body: { code: 'store_unavailable', fix: 'Start it.' },
    });
    world.store.fault = 'away';
    const asked = world.ask('PATCH', '/api/v2/dags/d', { payload: { is_paused: true } });
    await world.engine.advance(2000);
    expect(await asked).toMatchObject({ status: 503, body: { code: 'store_unavailable', fix: 'Start it.' } });
    world.store.fault = 'none';
    await world.engine.advance(10_000);
    expect(await world.get('/dags/d')).toMatchObject({ body: { is_paused: false } });

    world.store.fault = 'away';
    const again = world.ask('PATCH', '/api/v2/dags/d', { payload: { is_paused: true } });
    await world.engine.advance(100);
    expect(world.store.refused).toBeGreaterThan(0);
    world.store.fault = 'none';
    await world.engine.advance(10_000);
    expect(await again).toMatchObject({ status: 200, body: { is_paused: true } });
  });
});

describe('lists', () => {
  it('are as long as is asked for, up to a limit, and 50 where nothing is said', async () => {
    for (let n = 0; n < 120; n += 1) await world.engine.publish(dagSpec(`w${n}`, { t: {} }));
    const lengthOf = async (query: string) => (await world.get(`/dags${query}`)).body.dags.length;
    expect([
      await lengthOf(''),
      await lengthOf('?limit=0'),
      await lengthOf('?limit=7'),
      await lengthOf('?limit=1000'),
    ]).toEqual([50, 0, 7, 100]);
    const { body } = await world.get('/dags?limit=2&offset=119&order_by=dag_id');
    expect([body.total_entries, body.dags.map(({ dag_id }: { dag_id: string }) => dag_id)]).toEqual([120, ['w99']]);
    expect((await world.get('/dags?offset=500')).body.dags).toEqual([]);
  });

  it('take an instant whose plus was read as a space, and several values of one name', async () => {
    await world.history();
    const runs = async (query: string) =>
      (await world.get(`/dags/d/dagRuns?${query}`)).body.dag_runs?.map(
        ({ dag_run_id }: { dag_run_id: string }) => dag_run_id,
      );
    expect(await runs('run_after_gte=2026-01-01T01:00:00+01:00&run_type=manual&order_by=-id')).toEqual([
      'waiting',
      'r',
      'failing',
      'done',
    ]);
    expect(await runs('state=success&state=queued&run_type=manual')).toEqual(['done', 'waiting']);
    expect(await world.get('/dags/d/dagRuns?order_by=odd')).toMatchObject({
      status: 400,
      body: { code: 'invalid_argument' },
    });
    for (const odd of ['soon', '5', '2026-02-30'])
      expect(await world.get(`/dags/d/dagRuns?run_after_gte=${odd}`)).toMatchObject({ status: 422 });
  });
});

it('tells browsers to take nothing from elsewhere, to show it in no frame, and to keep no answer', async () => {
  for (const path of ['/', '/api/v2/version', '/api/v2/nothing', '/runs']) {
    const { headers } = await world.ask('GET', path);
    expect(headers).toMatchObject({
      'content-security-policy': expect.stringContaining("default-src 'none'"),
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    });
    expect(headers['access-control-allow-origin']).toBeUndefined();
    if (path.startsWith('/api/')) expect(headers['cache-control']).toBe('no-store');
  }
});
