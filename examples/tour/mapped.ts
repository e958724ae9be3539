import { dag, eachGroup, skip, task } from 'millrace';
import { type Order, ordersBetween, REGIONS } from './stand-ins.ts';

const DAY_MS = 86_400_000;

interface Part {
  readonly region: string;
  readonly day: string;
  readonly rows: number;
}

const regions = task('regions', (): string[] => [...REGIONS]);

const ofDay = (region: string, day: string): Order[] => {
  const start = new Date(day);
  return ordersBetween(start, new Date(start.getTime() + DAY_MS)).filter((order) => order.region === region);
};

const extract = task(
  'extract',
  ({ region, day }: { region: string; day: string }): Part => ({ region, day, rows: ofDay(region, day).length }),
  { limits: { perDag: 4 }, instanceName: ({ region, day }) => `${region} on ${day}` },
);

/** Collects: a lazy list of what the instances gave, in order. */
const total = task('total', (parts: Iterable<{ readonly rows: number }>) => {
  let rows = 0;
  for (const part of parts) rows += part.rows;
  return rows;
});

const label = task('label', ([region, currency]: readonly [string, string]) => `${region} pays in ${currency}`);
const currencies = task('currencies', () => ['EUR', 'USD']);
const announce = task('announce', (text: string, { log }) => log.info(text));

const read = task('read', (region: string) => ofDay(region, '2026-01-01').map(({ total }) => total));
const sum = task('sum', (totals: readonly number[]) => totals.reduce((all, one) => all + one, 0));
const largest = task('largest', (sums: Iterable<number>) => Math.max(...sums));

/** Mapping over products and pairs, element by element in between, in groups from beginning to end. */
export const mapped = dag('mapped', { schedule: null }, () => {
  const all = regions();

  // Six instances, one for each region and day; their parts are collected, doubled on the way the second time.
  const parts = extract.expand({ region: all, day: ['2026-01-01', '2026-01-02'] });
  total(parts);
  total.with({ name: 'total_doubled' })(parts.map(({ rows }) => ({ rows: rows * 2 })));

  // The third region has no currency: it is filled in. The first text is left out, so its instance is skipped.
  const labels = label.over(all.zip(currencies(), { fill: 'USD' }));
  const texts = labels.concat(['that is all']).map((text) => (text.includes('EUR') ? skip('known anyway') : text));
  announce.over(texts);

  // Each region goes its way without waiting for the others.
  largest(eachGroup('by_region', all, (region) => sum(read(region))));
});
