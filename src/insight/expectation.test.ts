import fc from 'fast-check';
import { expect, it } from 'vitest';
import { dagSpec } from '../engine/testing/spec-builder.ts';
import { expectRest } from './expectation.ts';
import { iso } from './iso.ts';
import type { Row } from './timeline-row.ts';

const NOW = Date.UTC(2026, 0, 1, 12);

/** Of a run: each task ends once those upstream of it have; what comes behind one that has not ended has not begun. */
const drawn = fc.array(
  fc.record({
    after: fc.array(fc.nat(7), { maxLength: 3 }),
    seconds: fc.option(fc.integer({ min: 1, max: 600 }), { nil: null, freq: 8 }),
    ago: fc.integer({ min: 0, max: 900 }),
    state: fc.constantFrom('success', 'running', 'queued', 'up_for_retry' as const),
  }),
  { minLength: 1, maxLength: 8 },
);

function rowOf(state: Row['state'], { seconds, ago }: { readonly seconds: number | null; readonly ago: number }): Row {
  const start = iso(NOW - ago * 1000);
  const attempt = { try_number: 1, outcome: 'running' as const, start_date: start, end_date: null };
  return {
    state,
    usual: seconds === null ? null : { median: seconds, p10: seconds, p90: seconds, count: 5 },
    attempts: state === 'running' ? [attempt] : [],
    end_date: state === 'success' ? iso(NOW - Math.floor(ago / 2) * 1000) : null,
    next_try: null,
    expected: null,
    is_critical: false,
  } as unknown as Row;
}

it('expects nothing before now, before what it waits for, or beyond the end of the run', () => {
  fc.assert(
    fc.property(drawn, (tasks) => {
      const upstream = tasks.map(({ after }, at) => [...new Set(after)].filter((from) => from < at));
      const spec = dagSpec(
        'd',
        Object.fromEntries(tasks.map((_, at) => [`t${at}`, { after: upstream[at]!.map((from) => `t${from}`) }])),
      );
      const rows = new Map<number, Row>();
      tasks.forEach((task, at) => {
        const isReady = upstream[at]!.every((from) => rows.get(from)!.state === 'success');
        rows.set(at, rowOf(isReady ? task.state : null, task));
      });
      const end = expectRest(spec, rows, NOW);
      const endOf = (row: Row) => Date.parse(row.expected?.end ?? row.end_date ?? '');
      for (const [at, row] of rows) {
        if (row.state === 'success') expect(row.expected).toBeNull();
        if (row.expected === null) continue;
        expect(endOf(row)).toBeGreaterThanOrEqual(NOW);
        if (end !== null) expect(endOf(row)).toBeLessThanOrEqual(end);
        if (row.state === 'running') continue;
        expect(Date.parse(row.expected.start)).toBeGreaterThanOrEqual(NOW);
        for (const from of upstream[at]!)
          expect(Date.parse(row.expected.start)).toBeGreaterThanOrEqual(endOf(rows.get(from)!));
      }
      const open = [...rows.values()].filter(({ state }) => state !== 'success');
      // The end is known exactly where the usual time of all that is to come is.
      expect(end !== null).toBe(open.every(({ expected }) => expected !== null));
      if (end === null) return;
      // What the end hangs on is a way through the graph, which ends with it.
      const critical = [...rows].filter(([, row]) => row.is_critical).map(([at]) => at);
      expect(endOf(rows.get(critical.at(-1)!)!)).toBe(end);
      for (const [n, at] of critical.entries()) if (n > 0) expect(upstream[at]).toContain(critical[n - 1]);
    }),
    { numRuns: 500 },
  );
});
