import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dailyRevenue } from '../../examples/daily-revenue/pipeline.ts';
import { compareRevenue } from '../../examples/daily-revenue/revenue.ts';
import { DAYS, FIRST_DAY, LAST_DAY, startWorld } from '../../examples/daily-revenue/world.ts';
import { connected } from '../../examples/parts/databases.ts';
import type { World } from '../../examples/parts/world.ts';
import { drawnWorkflow } from '../../src/sdk/dag.ts';
import { timetableFor } from '../../src/timetable/timetable-for.ts';
import { runBody } from './task-body.ts';

const DAY = 86_400_000;

let home: string;
let world: World;
let places: { readonly shop: string; readonly warehouse: string };

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'millrace-revenue-'));
  world = await startWorld({ home, env: {} });
  places = {
    shop: world.env.MILLRACE_CONN_POSTGRES_DEFAULT!,
    warehouse: world.env.MILLRACE_CONN_WAREHOUSE_DEFAULT!,
  };
});

afterAll(async () => {
  await world.stop();
  rmSync(home, { recursive: true, force: true });
});

/** Both tasks of a day's run, one after the other. */
async function runDay(date: Date): Promise<unknown> {
  const options = { env: world.env, date, interval: DAY };
  const revenue = await runBody(dailyRevenue, 'sum_purchases', options);
  await runBody(dailyRevenue, 'load_revenue', { ...options, input: revenue });
  return revenue;
}

test('the schedule: a run for each of the 546 days, each with the interval of its day', () => {
  const { spec } = drawnWorkflow(dailyRevenue);
  const timetable = timetableFor(spec.schedule);
  const bounds = { earliest: spec.startDate, latest: spec.endDate, catchup: spec.catchup, now: Date.UTC(2026, 0, 1) };
  const intervals: { start: number; end: number }[] = [];
  for (let next = timetable.nextRun(null, bounds); next; next = timetable.nextRun(intervals.at(-1)!, bounds)) {
    intervals.push(next.interval);
  }
  expect(intervals).toEqual(
    Array.from({ length: DAYS }, (_, index) => {
      const start = Date.parse(FIRST_DAY) + index * DAY;
      return { start, end: start + DAY };
    }),
  );
  expect(new Date(intervals.at(-1)!.start).toISOString()).toContain(LAST_DAY);
});

test('the bodies of January 1997, twice: each day is what SQL says of the whole', async () => {
  const january = Array.from({ length: 31 }, (_, index) => new Date(Date.UTC(1997, 0, 1 + index)));
  expect(await runDay(january[0]!)).toMatchObject({ day: '1997-01-01' });
  for (const day of [...january, ...january]) await runDay(day);
  const found = await compareRevenue(places, { first: '1997-01-01', last: '1997-01-31' });
  expect(found).toMatchObject({ days: 31, different: [] });
  const sql =
    "SELECT count(*)::integer AS orders, sum(amount_usd)::text AS amount FROM purchases WHERE date < '1997-02-01'";
  const { rows } = await connected(places.shop, (client) => client.query(sql));
  expect({ orders: found.orders, amount: found.amount }).toEqual(rows[0]);
});

test('a day without purchases has a row of nothing', async () => {
  expect(await runDay(new Date('1996-12-31'))).toEqual({ day: '1996-12-31', orders: 0, cds: 0, amount: '0' });
  const { different } = await compareRevenue(places, { first: '1996-12-31', last: '1997-01-31' });
  expect(different).toEqual([]);
});

test('the comparison notices what is wrong', async () => {
  await connected(places.warehouse, async (client) => {
    await client.query("UPDATE revenue_by_day SET amount = amount + 0.01 WHERE day = '1997-01-02'");
    await client.query("DELETE FROM revenue_by_day WHERE day = '1997-01-03'");
  });
  const { different } = await compareRevenue(places, { first: '1997-01-01', last: '1997-01-31' });
  expect(different).toEqual(['1996-12-31', '1997-01-02', '1997-01-03']);
});
