import { appendFileSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { addSource } from '../../examples/multi-source-etl/config-table.ts';
import type { Source } from '../../examples/multi-source-etl/etl.ts';
import { multiSourceEtl } from '../../examples/multi-source-etl/pipeline.ts';
import { readSource } from '../../examples/multi-source-etl/source-files.ts';
import { breakSource, connectionString, mendSources, sourceFiles } from '../../examples/multi-source-etl/sources.ts';
import { readTotals } from '../../examples/multi-source-etl/warehouse.ts';
import { sourcesFolder, startWorld } from '../../examples/multi-source-etl/world.ts';
import { connected } from '../../examples/parts/databases.ts';
import type { World } from '../../examples/parts/world.ts';
import { drawnWorkflow } from '../../src/sdk/dag.ts';
import { runBody } from './task-body.ts';

let home: string;
let world: World;
let config: string;
let warehouse: string;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'millrace-etl-'));
  world = await startWorld({ home, env: {} });
  config = world.env.MILLRACE_CONN_CONFIG_DB!;
  warehouse = world.env.MILLRACE_CONN_WAREHOUSE_DEFAULT!;
});

afterAll(async () => {
  await world.stop();
  rmSync(home, { recursive: true, force: true });
});

beforeEach(async () => {
  await mendSources(sourcesFolder(home));
  await connected(warehouse, (client) => client.query('TRUNCATE source_purchases'));
  await connected(config, (client) => client.query('DELETE FROM data_sources WHERE source_id > 50'));
});

const runTask = (id: string, input?: unknown) =>
  runBody(multiSourceEtl, id, { input, env: world.env, date: new Date('2026-01-02') });

interface Result {
  readonly source: string;
  readonly records: number;
}

const activeSources = async () => (await runTask('get_active_sources')) as Source[];
const process = async (source: Source) => (await runTask('process_source', { source })) as Result;
const processAll = (sources: readonly Source[]) => Promise.all(sources.map(process));

const ALL = { sources: 50, records: 69_659, cds: 167_881, amount: '2500315.63' };

test('the graph: one instance of process_source for each source, then the summary', () => {
  const { spec } = drawnWorkflow(multiSourceEtl);
  expect(spec.tasks.map(({ id, mapping }) => [id, mapping?.kind])).toEqual([
    ['get_active_sources', undefined],
    ['process_source', 'expand'],
    ['summarize_results', undefined],
  ]);
});

test('50 sources, half CSV and half SQLite, hold all purchases; loading them twice is as once', async () => {
  const sources = await activeSources();
  const kinds = Object.groupBy(sources, ({ connection_string }) => new URL(connection_string).protocol);
  expect([kinds['csv:']?.length, kinds['sqlite:']?.length]).toEqual([25, 25]);
  const results = await processAll(sources);
  expect(await readTotals(warehouse)).toEqual(ALL);
  expect(await processAll(sources)).toEqual(results);
  expect(await readTotals(warehouse)).toEqual(ALL);
  expect(await runTask('summarize_results', results)).toEqual({ sources: 50, records: 69_659 });
});

test('two loads of one source at the same time leave it once', async () => {
  const [source] = await activeSources();
  const results = await Promise.all([process(source!), process(source!), process(source!)]);
  expect(await readTotals(warehouse)).toMatchObject({ sources: 1, records: results[0]!.records });
});

test('a row that is added, or made inactive, counts from the next run on', async () => {
  const file = join(home, 'outlet.csv');
  writeFileSync(file, 'customer_id,date,quantity,amount_usd\n90001,1998-07-01,2,29.33\n90002,1998-07-02,1,0.07\n');
  await addSource(config, file);
  const sources = await activeSources();
  expect(sources.slice(50)).toEqual([
    { source_id: 51, source_name: 'outlet', connection_string: connectionString(file) },
  ]);
  expect(await process(sources[50]!)).toEqual({ source: 'outlet', records: 2 });
  expect(await readTotals(warehouse, 51)).toEqual({ sources: 1, records: 2, cds: 3, amount: '29.40' });

  await connected(config, (client) => client.query('UPDATE data_sources SET active = false WHERE source_id = 51'));
  expect(await activeSources()).toHaveLength(50);
  await startWorldAgain();
  expect((await activeSources()).map(({ source_id }) => source_id)).not.toContain(51);
});

/** What the start of the example does to the config table when it is there already. */
async function startWorldAgain(): Promise<void> {
  await world.stop();
  world = await startWorld({ home, env: {} });
}

test.each(['store_17', 'store_24'])(
  '%s, cut in half, fails, leaves what was loaded, and runs when mended',
  async (name) => {
    const source = (await activeSources()).find(({ source_name }) => source_name === name)!;
    await process(source);
    const before = await readTotals(warehouse, source.source_id);
    const { path } = await breakSource(sourcesFolder(home), name);
    await expect(process(source)).rejects.toThrow(path);
    expect(await readTotals(warehouse, source.source_id)).toEqual(before);
    await mendSources(sourcesFolder(home));
    expect(await process(source)).toEqual({ source: name, records: before.records });
  },
);

test('what is not a purchase is named with its place', async () => {
  const [csv, sqlite] = sourceFiles(sourcesFolder(home)).map(({ path }) => path) as [string, string, ...string[]];
  const read = (path: string) => Array.fromAsync(readSource(connectionString(path)));
  appendFileSync(csv, '1,1998-01-01,x,1.00\n');
  await expect(read(csv)).rejects.toThrow(/store_01\.csv: line \d+ is not a purchase: "1,1998-01-01,x,1\.00"/);
  truncateSync(csv, 10);
  await expect(read(csv)).rejects.toThrow(/line 1 is not customer_id,/);
  truncateSync(csv, 0);
  await expect(read(csv)).rejects.toThrow(/is empty/);
  writeFileSync(sqlite, 'this is no database, whatever its name says it should be');
  await expect(read(sqlite)).rejects.toThrow(/store_02\.db: file is not a database/);
  await expect(read(join(home, 'absent.csv'))).rejects.toThrow(/no such file/);
  await expect(read(join(home, 'absent.db'))).rejects.toThrow(/absent\.db: unable to open/);
  expect(() => readSource('mysql://host/db')).toThrow(/csv:\/\/\/path or sqlite:\/\/\/path, not mysql/);
});

test('there are only the sources that there are to break', async () => {
  await expect(breakSource(sourcesFolder(home), 'store_51')).rejects.toThrow(/no source store_51/);
});
