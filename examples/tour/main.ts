import { fileURLToPath } from 'node:url';
import { followRun, runOf } from '../parts/follow-run.ts';
import type { Millrace, RunRequest } from '../parts/run-pipeline.ts';
import { runScenario, type Scenario } from '../parts/scenario.ts';

/** What is to be seen, and the state that each run is to end with. */
const STOPS: readonly { readonly shows: string; readonly request: RunRequest; readonly ends: string }[] = [
  {
    shows: 'a retry, and a param that is not its default',
    request: { ...runOf('nightly', new Date('2026-04-01T00:30:00Z')), params: { table: 'archive' } },
    ends: 'success',
  },
  {
    shows: 'a branch: few orders',
    request: { ...runOf('branching', new Date('2026-01-02T00:00:00Z')), params: { days: 1 } },
    ends: 'success',
  },
  {
    shows: 'the other branch: many orders',
    request: { ...runOf('branching', new Date('2026-01-31T00:00:00Z')), params: { days: 30 } },
    ends: 'success',
  },
  {
    shows: 'setup, a group, teardown',
    request: runOf('heavy', new Date('2026-01-02T00:00:00Z')),
    ends: 'success',
  },
  {
    shows: 'a short circuit: it is a Saturday',
    request: runOf('heavy', new Date('2026-01-03T00:00:00Z')),
    ends: 'success',
  },
  {
    shows: 'a failure between setup and teardown',
    request: runOf('heavy', new Date('2026-01-01T00:00:00Z')),
    ends: 'failed',
  },
  {
    shows: 'mapping: over a product, over pairs, in groups',
    request: runOf('mapped', new Date('2026-01-01T00:00:00Z')),
    ends: 'success',
  },
];

/** How many nights lie between the start date of `nightly` and its end date. */
const NIGHTS = 4;

/** Sees the runs end that the schedule of `nightly` has made by itself. */
async function caughtUp(millrace: Millrace, signal: AbortSignal): Promise<boolean | undefined> {
  let nights = 0;
  for await (const { runId, state } of millrace.endedRuns('nightly', signal)) {
    if (!runId.startsWith('scheduled__')) continue;
    console.log(`  nightly    ${state.padEnd(8)}  caught up: ${runId}`);
    if (state !== 'success') return false;
    nights += 1;
    if (nights === NIGHTS) return true;
  }
  return undefined;
}

const file = (name: string) => fileURLToPath(new URL(`./${name}.ts`, import.meta.url));

const scenario: Scenario<object> = {
  surroundings: 'Millrace; the tour needs nothing around it',
  files: ['nightly', 'branching', 'heavy', 'mapped'].map(file),
  workflow: 'mapped',
  readOptions: () => ({}),
  startWorld: async () => ({ env: {}, places: [], stop: async () => {} }),
  perform: async ({ millrace, signal }) => {
    const ends: string[] = [];
    for (const { shows, request, ends: expected } of STOPS) {
      console.log(`\n--- ${shows}`);
      const state = await followRun(millrace, { request, signal });
      if (state === undefined) return undefined;
      ends.push(`  ${request.workflow.padEnd(10)} ${state.padEnd(8)}  ${shows}`);
      if (state !== expected) return false;
    }
    console.log(`\n${ends.join('\n')}`);
    return caughtUp(millrace, signal);
  },
};

process.exit(await runScenario(scenario, process.argv.slice(2)));
