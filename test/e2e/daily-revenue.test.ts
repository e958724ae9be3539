import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { DAYS, FIRST_DAY, HOME } from '../../examples/daily-revenue/world.ts';
import { connected } from '../../examples/parts/databases.ts';
import { SqliteStore } from '../../src/store/sqlite/store.ts';
import { commandLine } from './command-line.ts';
import { ExampleProcess } from './example-process.ts';

const DAY = 86_400_000;
/** Runs a minute. */
const TARGET = 100;

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'millrace-e2e-revenue-'));
});
afterAll(() => rm(home, { recursive: true, force: true }));

/** The runs by logical date, each with the outcomes of its attempts. */
async function runsOf(place: string) {
  const store = SqliteStore.open(join(place, HOME, 'millrace.db'));
  try {
    const runs = await store.queries.runs({ limit: 1000 });
    const all = runs.map(async ({ id, type, state, logicalDate, intervalStart, intervalEnd }) => {
      const outcomes = (await store.queries.attempts(id)).map(({ outcome }) => outcome);
      return {
        type,
        state,
        logicalDate: logicalDate!,
        intervalStart: intervalStart!,
        intervalEnd: intervalEnd!,
        outcomes,
      };
    });
    return (await Promise.all(all)).sort((a, b) => a.logicalDate - b.logicalDate);
  } finally {
    await store.close();
  }
}

test('catches up on 546 days, fast enough, and each day equals what SQL says of the whole', async () => {
  const { code, output } = await new ExampleProcess('daily-revenue', { home, args: ['--once'] }).ended;
  expect(output).toContain('Each day equals what SQL says of all purchases at once.');
  expect(output).toContain('warehouse: 69,659 orders, 167,881 CDs, 2500315.63 US dollars in 546 days');
  expect(code).toBe(0);
  const [, rate] = /546 runs in [\d.]+ s: ([\d,]+) a minute/.exec(output) ?? [];
  expect(Number(rate?.replace(',', ''))).toBeGreaterThanOrEqual(TARGET);

  expect(await runsOf(home)).toEqual(
    Array.from({ length: DAYS }, (_, index) => {
      const start = Date.parse(FIRST_DAY) + index * DAY;
      return {
        type: 'scheduled',
        state: 'success',
        logicalDate: start,
        intervalStart: start,
        intervalEnd: start + DAY,
        outcomes: ['success', 'success'],
      };
    }),
  );

  const again = await new ExampleProcess('daily-revenue', { home, args: ['--once'] }).ended;
  expect(again.output).toContain('546 runs had ended before');
  expect(again.code).toBe(0);
});

test('a backfill runs a month again, and each day is as it was', async () => {
  const up = new ExampleProcess('daily-revenue', { home, args: [], env: { MILLRACE_PORT: '0' } });
  onTestFinished(() => up.killGroup());
  expect(await up.printed(/Everything stays up/)).toBe(true);
  const [, warehouse] = /warehouse \(PostgreSQL\) +(postgres\S+)/.exec(up.output) ?? [];
  const march = "day BETWEEN '1997-03-01' AND '1997-03-31'";
  const lost = await connected(warehouse!, (client) => client.query(`DELETE FROM revenue_by_day WHERE ${march}`));
  expect(lost.rowCount).toBe(31);

  const range = ['--from', '1997-03-01', '--to', '1997-03-31', '--reprocess', 'completed'];
  const said = await commandLine(join(home, HOME), ['backfill', 'create', 'daily_revenue', ...range, '--wait']);
  expect(said).toContain('is over: 31 success');
  up.interrupt();
  await up.ended;

  const inMarch = (at: number) => at >= Date.parse('1997-03-01') && at <= Date.parse('1997-03-31');
  for (const { logicalDate, state, outcomes } of await runsOf(home)) {
    expect(state).toBe('success');
    expect(outcomes).toEqual(Array(inMarch(logicalDate) ? 4 : 2).fill('success'));
  }
  const { code, output } = await new ExampleProcess('daily-revenue', { home, args: ['--once'] }).ended;
  expect(output).toContain('Each day equals what SQL says of all purchases at once.');
  expect(code).toBe(0);
});

test('killed in the middle of it, the next start goes on: no task that had ended runs again', async () => {
  const place = join(home, 'killed');
  const killed = new ExampleProcess('daily-revenue', { home: place, args: ['--once'] });
  expect(await killed.printed(/200 of 546 runs have ended/)).toBe(true);
  killed.killGroup();
  expect((await killed.ended).signal).toBe('SIGKILL');

  const { code, output } = await new ExampleProcess('daily-revenue', { home: place, args: ['--once'] }).ended;
  expect(output).toMatch(/[234]\d\d runs had ended before/);
  expect(output).toContain('Each day equals what SQL says of all purchases at once.');
  expect(code).toBe(0);
  const runs = await runsOf(place);
  expect(runs.map(({ state }) => state)).toEqual(Array(DAYS).fill('success'));
  for (const { outcomes } of runs) expect(outcomes.filter((outcome) => outcome === 'success')).toHaveLength(2);
});
