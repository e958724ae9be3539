import { expect, test } from 'vitest';
import { connection, dag, flow, skip, task } from '../index.ts';
import { testRuntime } from './index.ts';

const numbers = task('numbers', () => [1, 2, 3]);
const double = task('double', (n: number) => n * 2);
const total = task('total', (all: Iterable<number>) => [...all].reduce((sum, n) => sum + n, 0));
const sums = dag('sums', { schedule: '@daily', startDate: '2026-01-01' }, () => {
  total(double.over(numbers()));
});

test('runs a DAG to its end and shows what each task did', async () => {
  await using t = await testRuntime();
  const run = await t.run(sums, { logicalDate: '2026-03-29T00:30:00Z' });
  expect(run.state).toBe('success');
  expect(run.task('total').output).toBe(12);
  expect(run.tasks('double').map(({ output }) => output)).toEqual([2, 4, 6]);
  expect(() => run.task('totals')).toThrow(
    expect.objectContaining({ code: 'not_found', fix: 'It has numbers, double, total.' }),
  );
});

test('runs a DAG for several dates', async () => {
  await using t = await testRuntime();
  for (const logicalDate of ['2026-03-29', '2026-03-30'])
    expect((await t.run(sums, { logicalDate })).state).toBe('success');
});

test('retries come due at once, and a replaced task runs in place of its own', async () => {
  const flaky = task('flaky', () => 'never', { retries: 3, retryDelay: '5m' });
  const workflow = dag('flaky_dag', { schedule: null }, () => {
    flaky();
  });
  await using t = await testRuntime();
  let calls = 0;
  t.replace(flaky, () => {
    calls += 1;
    if (calls < 3) throw new Error(`call ${calls}`);
    return 'at last';
  });
  const begun = t.clock.now().getTime();
  const run = await t.run(workflow);
  expect(run.task('flaky')).toEqual({ state: 'success', attempts: 3, output: 'at last', error: undefined });
  expect(t.clock.now().getTime() - begun).toBeGreaterThanOrEqual(600_000);
});

test('a failure is a result, with its error', async () => {
  const workflow = dag('broken', { schedule: null }, () => {
    double.with({ name: 'after' })(
      task('breaks', (): number => {
        throw new Error('boom');
      })(),
    );
    task('skips', () => skip('not today'))();
  });
  await using t = await testRuntime();
  const run = await t.run(workflow);
  expect(run.state).toBe('failed');
  expect(run.task('breaks').error).toBe('boom');
  expect(run.task('after').state).toBe('upstream_failed');
  expect(run.task('skips').state).toBe('skipped');
});

test('runs a flow, with connections of the test', async () => {
  const greet = task('greet', async (name: string) => `${await connection('who').login()} greets ${name}`);
  const greeting = flow('greeting', async ({ name }: { name: string }) => [await greet(name), await greet('all')]);
  await using t = await testRuntime();
  t.connection('who', 'generic://ada@host');
  const run = await t.run(greeting, { input: { name: 'bob' } });
  expect(run.state).toBe('success');
  expect(run.value).toEqual(['ada greets bob', 'ada greets all']);
  expect(run.task('greet', 1).output).toBe('ada greets all');
});
