import { testRuntime } from 'millrace/testing';
import { expect, test } from 'vitest';
import { branching } from '../../examples/tour/branching.ts';
import { crunch, heavy } from '../../examples/tour/heavy.ts';
import { mapped } from '../../examples/tour/mapped.ts';
import { nightly, readOrders } from '../../examples/tour/nightly.ts';
import { ordersBetween } from '../../examples/tour/stand-ins.ts';

test('nightly: the first attempt fails, the second loads what lies in the interval of the night', async () => {
  await using t = await testRuntime();
  // The last whole interval before this date is an hour short: the clocks in Zurich went forward at its beginning.
  const run = await t.run(nightly, { logicalDate: '2026-03-30T12:00:00Z', params: { table: 'archive' } });
  expect(run.state).toBe('success');
  expect(run.task('read_orders')).toMatchObject({ state: 'success', attempts: 2 });
  expect(run.task('load_orders').output).toBe(23);
  expect(run.log).toContain('loaded 23 for 2026-03-30');

  await expect(t.run(nightly, { params: { table: 7 } })).rejects.toMatchObject({ code: 'invalid_params' });
});

test('nightly: reports although there was nothing to load, not although something failed', async () => {
  await using t = await testRuntime();
  t.replace(readOrders, () => []);
  expect((await t.run(nightly)).log).toContain('loaded 0 for 2026-01-01');
  t.replace(readOrders, () => {
    throw new TypeError('no such table');
  });
  const run = await t.run(nightly, { logicalDate: '2026-02-01' });
  expect(run.state).toBe('failed');
  expect(run.task('read_orders').attempts).toBe(4);
  expect(run.task('report').state).toBe('upstream_failed');
});

test.each([
  { days: 1, way: 'load_single', other: 'load_bulk', said: '24 orders, one by one' },
  { days: 30, way: 'load_bulk', other: 'load_single', said: '720 orders at once' },
])('branching: $said', async ({ days, way, other, said }) => {
  await using t = await testRuntime();
  const run = await t.run(branching, { params: { days } });
  expect(run.state).toBe('success');
  expect([run.task(way).state, run.task(other).state]).toEqual(['success', 'skipped']);
  expect(run.task('report').output).toBe(days * 24);
  expect(run.log).toContain(said);
});

test('heavy: setup, work, teardown; nothing of it on a Saturday', async () => {
  await using t = await testRuntime();
  const friday = await t.run(heavy, { logicalDate: '2026-01-02' });
  expect(friday.state).toBe('success');
  expect(friday.task('crunching.ranking').output).toBe('ranking on cluster-of-2026-01-02');
  expect(friday.task('stop_cluster').output).toBe('cluster-of-2026-01-02 is stopped');

  const saturday = await t.run(heavy, { logicalDate: '2026-01-03' });
  expect(saturday.state).toBe('success');
  for (const task of ['start_cluster', 'crunching.totals', 'crunching.ranking', 'stop_cluster']) {
    expect(saturday.task(task).state).toBe('skipped');
  }
});

test('heavy: what a setup has opened is closed although the work failed', async () => {
  await using t = await testRuntime();
  t.replace(crunch, () => {
    throw new Error('out of memory');
  });
  const run = await t.run(heavy, { logicalDate: '2026-01-02' });
  expect(run.state).toBe('failed');
  expect(run.task('crunching.ranking').state).toBe('upstream_failed');
  expect(run.task('stop_cluster').output).toBe('cluster-of-2026-01-02 is stopped');
});

test('mapped: products, pairs, elements on their way, groups', async () => {
  await using t = await testRuntime();
  const run = await t.run(mapped);
  expect(run.state).toBe('success');

  const parts = run.tasks('extract').map(({ output }) => output as { region: string; day: string; rows: number });
  // The last argument varies fastest.
  expect(parts.map(({ region, day }) => `${region} ${day}`)).toEqual([
    ...['eu 2026-01-01', 'eu 2026-01-02', 'us 2026-01-01'],
    ...['us 2026-01-02', 'apac 2026-01-01', 'apac 2026-01-02'],
  ]);
  expect(run.task('total').output).toBe(48);
  expect(run.task('total_doubled').output).toBe(96);

  expect(run.tasks('label').map(({ output }) => output)).toEqual([
    ...['eu pays in EUR', 'us pays in USD', 'apac pays in USD'],
  ]);
  expect(run.tasks('announce').map(({ state }) => state)).toEqual(['skipped', 'success', 'success', 'success']);
  expect(run.log).toEqual(expect.arrayContaining(['us pays in USD', 'apac pays in USD', 'that is all']));

  const day = ordersBetween(new Date('2026-01-01'), new Date('2026-01-02'));
  const sums = ['eu', 'us', 'apac'].map((region) =>
    day.filter((order) => order.region === region).reduce((sum, { total }) => sum + total, 0),
  );
  expect(run.tasks('by_region.sum').map(({ output }) => output)).toEqual(sums);
  expect(run.task('largest').output).toBe(Math.max(...sums));
});
