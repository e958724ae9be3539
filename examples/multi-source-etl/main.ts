import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { followRun, runOf } from '../parts/follow-run.ts';
import type { Millrace, RunRequest } from '../parts/run-pipeline.ts';
import { homeOption, runScenario, type Scenario } from '../parts/scenario.ts';
import { breakSource, mendSources } from './sources.ts';
import { readTotals } from './warehouse.ts';
import { HOME, sourcesFolder, startWorld } from './world.ts';

const WORKFLOW = 'multi_source_etl';

interface Options {
  readonly add?: string | undefined;
  readonly break?: string | undefined;
  readonly mend: boolean;
}

const scenario: Scenario<Options> = {
  surroundings: "the config database, the warehouse and the sources' files",
  files: [fileURLToPath(new URL('./pipeline.ts', import.meta.url))],
  workflow: WORKFLOW,
  home: HOME,
  flags: { add: { type: 'string' }, break: { type: 'string' }, mend: { type: 'boolean' } },
  usage: `  --add FILE          first add this CSV file to the config table
  --break NAME        only cut the file of a source, store_01 to store_50, in half
  --mend              only make the files whole again`,
  readOptions: ({ add, break: broken, mend }) => {
    if (add !== undefined && !existsSync(`${add}`)) throw new Error(`--add ${add}: there is no such file.`);
    return { add: add as string | undefined, break: broken as string | undefined, mend: mend === true };
  },
  answer: async (options, home) => {
    if (options.mend) {
      await mendSources(sourcesFolder(home));
      const clear = `npx millrace runs clear ${WORKFLOW} latest --failed${homeOption(home)}`;
      return `The files are whole again. What failed runs again alone with\n  ${clear}`;
    }
    if (options.break === undefined) return undefined;
    const { path } = await breakSource(sourcesFolder(home), options.break);
    return `Cut in half: ${path}`;
  },
  startWorld,
  perform: async ({ millrace, world, signal }) => {
    const state = await followRun(millrace, { request: await nextRun(millrace), signal });
    if (state === undefined) return undefined;
    const { sources, records, amount } = await readTotals(world.env.MILLRACE_CONN_WAREHOUSE_DEFAULT!);
    console.log(`\nwarehouse: ${records.toLocaleString('en')} purchases of ${sources} sources, ${amount} US dollars`);
    if (state === 'failed') console.log('What failed is above; with --mend the files are whole again.');
    return state === 'success';
  },
};

/** The run that has not ended, the one of today's schedule, or, when that has ended, one more. */
async function nextRun(millrace: Millrace): Promise<RunRequest> {
  const unfinished = await millrace.unfinishedRun(WORKFLOW);
  if (unfinished) return unfinished;
  const now = new Date();
  const scheduled = runOf(WORKFLOW, new Date(`${now.toISOString().slice(0, 10)}T00:00:00Z`));
  return (await millrace.hasRun(scheduled)) ? runOf(WORKFLOW, now) : scheduled;
}

process.exit(await runScenario(scenario, process.argv.slice(2)));
