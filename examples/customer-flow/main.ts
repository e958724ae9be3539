import { fileURLToPath } from 'node:url';
import { describeScores, readScores } from '../customer-pipeline/warehouse.ts';
import { onDay } from '../parts/example.ts';
import { followRun } from '../parts/follow-run.ts';
import type { Millrace, RunRequest } from '../parts/run-pipeline.ts';
import { runScenario, type Scenario } from '../parts/scenario.ts';
import { startWorld } from './world.ts';

const FLOW = 'customer-pipeline';
/** The end of the data, at the hour up to which the flow extracts. */
const DEFAULT_END = new Date('1998-07-01T06:00:00Z');

const scenario: Scenario<{ logicalDate: Date }> = {
  surroundings: "the shop's database, the warehouse and the scoring service",
  files: [fileURLToPath(new URL('./flow.ts', import.meta.url))],
  workflow: FLOW,
  flags: { date: { type: 'string' } },
  usage: '  --date YYYY-MM-DD   the day to run for',
  readOptions: ({ date }) => ({ logicalDate: onDay(DEFAULT_END, date) }),
  startWorld,
  perform: async ({ millrace, world, options, signal }) => {
    const request = await nextRun(millrace, options.logicalDate.toISOString().slice(0, 10));
    const state = await followRun(millrace, { request, signal });
    if (state === undefined) return undefined;
    console.log(`\n${describeScores(await readScores(world.env.MILLRACE_SECRET_WAREHOUSE_URL!))}`);
    return state === 'success';
  },
};

/** The run of this day that has not ended, or a new one: a flow may run for the same day as often as one likes. */
async function nextRun(millrace: Millrace, date: string): Promise<RunRequest> {
  const unfinished = await millrace.unfinishedRun(FLOW);
  if (unfinished?.params?.date === date) return unfinished;
  return { workflow: FLOW, runId: `manual__${new Date().toISOString()}`, params: { date } };
}

process.exit(await runScenario(scenario, process.argv.slice(2)));
