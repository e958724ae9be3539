import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verifyRun } from '../../examples/customer-pipeline/verify.ts';
import { DEFAULT_LOGICAL_DATE, startWorld } from '../../examples/customer-pipeline/world.ts';
import { SqliteStore } from '../../src/store/sqlite/store.ts';
import { ExampleProcess } from './example-process.ts';
import { seeded } from './seeded.ts';

const KILLS = 20;
const SEED = 19_980_701;

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'millrace-e2e-'));
});
afterAll(() => rm(home, { recursive: true, force: true }));

/** What the warehouse and the lake hold, compared with the formula; the run's own attempts beside it. */
async function leftBehind(place: string) {
  const world = await startWorld({ home: place });
  try {
    return await verifyRun({ env: world.env, logicalDate: DEFAULT_LOGICAL_DATE });
  } finally {
    await world.stop();
  }
}

async function attemptsOf(place: string) {
  const store = SqliteStore.open(join(place, 'millrace.db'));
  try {
    const [run] = await store.queries.runs({});
    return run ? { run, attempts: await store.queries.attempts(run.id) } : undefined;
  } finally {
    await store.close();
  }
}

describe('the customer pipeline, as a person runs it', () => {
  test('scores every customer by the formula, and a second run of the same date leaves the same scores', async () => {
    const first = await new ExampleProcess('customer-pipeline', { home, args: ['--once'] }).ended;
    expect(first.output).toMatch(/run success/);
    expect(first.code).toBe(0);
    const once = await leftBehind(home);
    expect(once.rows).toBe(23_570);
    expect(once.segments).toEqual(once.expectedSegments);
    expect(once.checksum).toBe(once.expectedChecksum);
    expect(once.maxDifference).toBeLessThan(1e-9);
    expect(Object.values(once.files).map(({ rows }) => rows)).toEqual([23_570, 23_570]);

    const second = await new ExampleProcess('customer-pipeline', { home, args: ['--once'] }).ended;
    expect(second.code).toBe(0);
    const twice = await leftBehind(home);
    expect({ rows: twice.rows, segments: twice.segments, checksum: twice.checksum }).toEqual({
      rows: once.rows,
      segments: once.segments,
      checksum: once.checksum,
    });
  });

  test('Ctrl-C stops everything that it started', async () => {
    const example = new ExampleProcess('customer-pipeline', { home, args: [] });
    expect(await example.printed(/Everything stays up/)).toBe(true);
    example.interrupt();
    const { code, signal } = await example.ended;
    expect({ code, signal }).toEqual({ code: 0, signal: null });
  });
});

describe('kill -9 of the whole process group', () => {
  const random = seeded(SEED);
  // From before anything is started to about the end of a run.
  const kills = Array.from({ length: KILLS }, (_, kill) => ({ kill, after: Math.floor(random() * 9_000) }));

  test.concurrent.each(kills)(
    `at random point $kill: the next start goes on, and no finished task runs again (seed ${SEED})`,
    async ({ kill, after }) => {
      const place = join(home, `kill-${kill}`);
      const killed = new ExampleProcess('customer-pipeline', { home: place, args: ['--once'] });
      const fault = setTimeout(() => killed.killGroup(), after);
      await killed.ended;
      clearTimeout(fault);
      const before = await attemptsOf(place).catch(() => undefined);

      const again = await new ExampleProcess('customer-pipeline', { home: place, args: ['--once'] }).ended;
      expect(again.output, `killed after ${after} ms`).toMatch(/run success/);
      expect(again.code).toBe(0);

      const left = await leftBehind(place);
      expect(left.checksum).toBe(left.expectedChecksum);
      expect(left.maxDifference).toBeLessThan(1e-9);

      const end = await attemptsOf(place);
      const finishedBefore = before?.run.state === 'success' ? 2 : 1;
      for (const task of [0, 1, 2, 3]) {
        const successes = end!.attempts.filter((attempt) => attempt.task === task && attempt.outcome === 'success');
        // A run that had ended before the kill is cleared and run again as a whole; otherwise each task succeeds once.
        expect(successes.length, `task ${task}, killed after ${after} ms`).toBe(finishedBefore);
      }
    },
    180_000,
  );
});
