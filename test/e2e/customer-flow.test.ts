import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readStats } from '../../examples/customer-pipeline/scoring-stats.ts';
import { verifyScores } from '../../examples/customer-pipeline/verify.ts';
import { worldFolder } from '../../examples/customer-pipeline/world.ts';
import { SqliteStore } from '../../src/store/sqlite/store.ts';
import { CountedDatabases } from './counted-databases.ts';
import { ExampleProcess } from './example-process.ts';
import { seeded } from './seeded.ts';

const KILLS = 20;
const SEED = 19_980_630;
const DATE = '1998-07-01';
const CUSTOMERS = 23_570;
/** What an example prints about a run that is not disturbed: so many lines from its start to its end. */
const LINES = 11;
const STEPS = ['extract_customers', 'score_customers', 'load_scores'] as const;
type StepName = (typeof STEPS)[number];

let folder: string;
let databases: CountedDatabases;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-flow-'));
  databases = await CountedDatabases.start({ folder: join(folder, 'postgres'), asOf: new Date(`${DATE}T06:00:00Z`) });
});
afterAll(async () => {
  await databases.stop();
  await rm(folder, { recursive: true, force: true });
});

const start = (home: string) =>
  new ExampleProcess('customer-flow', { home, args: ['--once'], env: databases.flowSecrets });

/** How often the body of each step has done its work, as those say for whom it was done. */
async function workDone(home: string): Promise<Record<StepName, number>> {
  const { reads, loads } = await databases.counts();
  const { scored } = readStats(join(worldFolder(home), 'scoring-stats.json'));
  return { extract_customers: reads, score_customers: scored / CUSTOMERS, load_scores: loads };
}

interface Recorded {
  readonly state: string;
  /** How often it was begun. */
  readonly attempt: number;
  /** Attempts that ended, with how and when. */
  readonly ended: readonly (readonly [attempt: number, outcome: string, at: number])[];
}

/** The runs of a home, latest first, and what each has of its steps. */
async function recorded(home: string) {
  const store = SqliteStore.open(join(home, 'millrace.db'));
  try {
    const runs = await store.queries.runs({});
    return await Promise.all(
      runs.map(async (run) => {
        const journal = await store.transaction((tx) => tx.steps.journal(run.id, { offset: 0, limit: 100 }));
        const attempts = await store.queries.attempts(run.id);
        const steps = journal.map(({ name, task, state, attempt }): [string, Recorded] => {
          const own = attempts.filter((row) => row.task === task);
          return [name, { state, attempt, ended: own.map((row) => [row.attempt, row.outcome, row.endedAt]) }];
        });
        return { runId: run.runId, state: run.state, steps: new Map(steps) };
      }),
    );
  } finally {
    await store.close();
  }
}

const successes = ({ ended }: Recorded) => ended.filter(([, outcome]) => outcome === 'success').length;

async function expectScoresOfTheFormula() {
  const found = await verifyScores({ warehouse: databases.warehouse, date: DATE });
  expect(found.rows).toBe(CUSTOMERS);
  expect(found.segments).toEqual(found.expectedSegments);
  expect(found.checksum).toBe(found.expectedChecksum);
  expect(found.maxDifference).toBeLessThan(1e-9);
}

describe('the customer flow, as a person runs it', () => {
  test('scores every customer by the formula; within the hour it does not extract again', async () => {
    const home = join(folder, 'twice');
    const zero = await workDone(home);
    const first = await start(home).ended;
    expect(first.output).toMatch(/score_customers +up_for_retry .*503/);
    expect(first.output).toMatch(/run success/);
    expect(first.code).toBe(0);
    await expectScoresOfTheFormula();
    expect(await workDone(home)).toEqual({
      extract_customers: zero.extract_customers + 1,
      score_customers: 1,
      load_scores: zero.load_scores + 1,
    });

    const second = await start(home).ended;
    expect(second.output).toMatch(/extract_customers +success +from the cache/);
    expect(second.code).toBe(0);
    await expectScoresOfTheFormula();
    // Read once, scored and loaded twice.
    expect(await workDone(home)).toEqual({
      extract_customers: zero.extract_customers + 1,
      score_customers: 2,
      load_scores: zero.load_scores + 2,
    });
    const [latest, before] = await recorded(home);
    expect(latest!.runId).not.toBe(before!.runId);
    expect([...latest!.steps.keys()]).toEqual([...STEPS]);
  });
});

describe('kill -9 of the whole process group', () => {
  const random = seeded(SEED);
  const finishedBefore: number[] = [];

  test.each(Array.from({ length: KILLS }, (_, kill) => kill))(
    `at random point %i: the flow goes on where it was, and no finished step runs again (seed ${SEED})`,
    async (kill) => {
      const home = join(folder, `kill-${kill}`);
      const zero = await workDone(home);
      const killed = start(home);
      const point = await killAtRandom(killed, kill);
      const [runBefore] = existsSync(join(home, 'millrace.db')) ? await recorded(home) : [];
      const workBefore = await workDone(home);

      const again = await start(home).ended;
      expect(again.output, `killed ${point}`).toMatch(/run success/);
      expect(again.code).toBe(0);
      await expectScoresOfTheFormula();

      const runs = await recorded(home);
      const run = runs.find(({ runId }) => runId === (runBefore?.runId ?? runs[0]!.runId))!;
      const work = await workDone(home);
      expect(run.state).toBe('success');
      expect([...run.steps.keys()]).toEqual([...STEPS]);
      // Where the run had ended before the kill there is a second run: it finds what was extracted in the cache.
      const anotherRun = runBefore?.state === 'success' ? 1 : 0;
      expect(runs).toHaveLength(1 + anotherRun);
      finishedBefore.push([...(runBefore?.steps.values() ?? [])].filter(({ state }) => state === 'success').length);
      for (const name of STEPS) {
        const was = runBefore?.steps.get(name);
        const is = run.steps.get(name)!;
        const where = `${name}, killed ${point}`;
        expect(successes(is), where).toBe(1);
        const others = name === 'extract_customers' ? 0 : anotherRun;
        if (was?.state === 'success') {
          expect(is, where).toEqual(was);
          expect(work[name] - workBefore[name], where).toBe(others);
        }
        // Its work is done at most as often as the step was begun.
        expect(work[name] - zero[name] - others, where).toBeLessThanOrEqual(is.attempt);
      }
    },
    60_000,
  );

  /** Every fifth counts from the start of the process; the others follow a random line about the run. */
  async function killAtRandom(running: ExampleProcess, kill: number): Promise<string> {
    const fromStart = kill % 5 === 0;
    const line = Math.floor(random() * LINES);
    const ms = Math.floor(random() * (fromStart ? 3000 : 250));
    if (!fromStart) await running.printed(new RegExp(`: started\\n(.*\\n){${line}}`));
    const fault = setTimeout(() => running.killGroup(), ms);
    await running.ended;
    clearTimeout(fault);
    return fromStart ? `${ms} ms after the start` : `${ms} ms after line ${line}`;
  }

  test('some of these points were behind finished steps', () => {
    expect(finishedBefore).toHaveLength(KILLS);
    for (const count of [0, 1, 2]) expect(finishedBefore.filter((n) => n >= count).length).toBeGreaterThan(2);
  });
});
