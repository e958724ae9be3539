import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readTotals, type Totals } from '../../examples/multi-source-etl/warehouse.ts';
import { HOME, startWorld } from '../../examples/multi-source-etl/world.ts';
import { SqliteStore } from '../../src/store/sqlite/store.ts';
import { commandLine } from './command-line.ts';
import { type Ended, ExampleProcess } from './example-process.ts';

let home: string;
let own: string;

// One story in four tests, each of which goes on where the one before ended.
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'millrace-e2e-etl-'));
  own = join(home, HOME);
});
afterAll(() => rm(home, { recursive: true, force: true }));

const example = (...args: readonly string[]): Promise<Ended> =>
  new ExampleProcess('multi-source-etl', { home, args }).ended;

async function totals(): Promise<Totals> {
  const world = await startWorld({ home: own, env: {} });
  try {
    return await readTotals(world.env.MILLRACE_CONN_WAREHOUSE_DEFAULT!);
  } finally {
    await world.stop();
  }
}

const [SOURCES, PROCESS, SUMMARY] = [0, 1, 2];

/** The latest run: its state, its instances and attempts by task. */
async function latestRun() {
  const store = SqliteStore.open(join(own, 'millrace.db'));
  try {
    const [run] = await store.queries.runs({ limit: 1 });
    const instances = await store.queries.instances(run!.id);
    const attempts = await store.queries.attempts(run!.id);
    const statesOf = (task: number) => instances.filter((row) => row.task === task).map(({ state }) => state);
    const attemptsOf = (task: number, index = -1) =>
      attempts.filter((row) => row.task === task && row.index === index).map(({ outcome }) => outcome);
    return { run: run!, instances, statesOf, attemptsOf };
  } finally {
    await store.close();
  }
}

const summary = () => commandLine(own, ['runs', 'logs', 'multi_source_etl', '--task', 'summarize_results']);

test('50 sources become 50 instances, and the warehouse has all purchases', async () => {
  const { code, output } = await example('--once');
  expect(output).toMatch(/run success/);
  expect(code).toBe(0);
  const { statesOf } = await latestRun();
  expect(statesOf(PROCESS!)).toEqual(Array(50).fill('success'));
  expect(await totals()).toEqual({ sources: 50, records: 69_659, cds: 167_881, amount: '2500315.63' });
  expect(await summary()).toContain('Processed 50 sources, 69,659 total records');
});

test('a row that is added to the config table is picked up by the next run', async () => {
  const before = await latestRun();
  const file = join(home, 'outlet.csv');
  await writeFile(file, 'customer_id,date,quantity,amount_usd\n90001,1998-07-01,2,29.33\n90002,1998-07-02,1,0.07\n');
  expect((await example('--once', '--add', file)).code).toBe(0);
  const { run, statesOf } = await latestRun();
  expect(run.id).not.toBe(before.run.id);
  expect(statesOf(PROCESS!)).toEqual(Array(51).fill('success'));
  expect(await totals()).toEqual({ sources: 51, records: 69_661, cds: 167_884, amount: '2500345.03' });
  expect(await summary()).toContain('Processed 51 sources, 69,661 total records');
});

test('a source whose file is broken fails alone: the others are done, the summary waits', async () => {
  expect((await example('--break', 'store_17')).output).toMatch(/Cut in half: .*store_17\.csv/);
  const { code, output } = await example('--once');
  expect(output).toMatch(/process_source\[16\] +failed .*store_17\.csv: line \d+ is not a purchase/);
  expect(output).toMatch(/run failed/);
  expect(code).toBe(1);
  const { instances, statesOf } = await latestRun();
  const failed = instances.filter(({ task, state }) => task === PROCESS && state !== 'success');
  expect(failed.map(({ index, state }) => [index, state])).toEqual([[16, 'failed']]);
  expect(statesOf(PROCESS!)).toHaveLength(51);
  expect(statesOf(SUMMARY!)).toEqual(['upstream_failed']);
  expect((await totals()).records).toBe(69_661);
});

test('mended, it runs again alone, and then the summary', async () => {
  const before = await latestRun();
  expect((await example('--mend')).output).toContain('npx millrace runs clear multi_source_etl latest --failed');
  const cleared = await commandLine(own, ['runs', 'clear', 'multi_source_etl', 'latest', '--failed', '--json']);
  expect(JSON.parse(cleared)).toMatchObject({
    cleared: [
      { task: 'process_source', mapIndex: 16 },
      { task: 'summarize_results', mapIndex: -1 },
    ],
  });
  const { code, output } = await example('--once');
  expect(output).toMatch(/: continued/);
  expect(code).toBe(0);
  const { run, statesOf, attemptsOf } = await latestRun();
  expect([run.id, run.state]).toEqual([before.run.id, 'success']);
  expect(statesOf(PROCESS!)).toEqual(Array(51).fill('success'));
  expect(attemptsOf(SOURCES!)).toEqual(['success']);
  expect(Array.from({ length: 51 }, (_, index) => attemptsOf(PROCESS!, index))).toEqual(
    Array.from({ length: 51 }, (_, index) => (index === 16 ? ['failed', 'success'] : ['success'])),
  );
  expect(attemptsOf(SUMMARY!)).toEqual(['success']);
  expect(await summary()).toContain('Processed 51 sources, 69,661 total records');
  expect(await totals()).toEqual({ sources: 51, records: 69_661, cds: 167_884, amount: '2500345.03' });
});
