import { fileURLToPath } from 'node:url';
import { seconds } from '../parts/run-report.ts';
import { runScenario, type Scenario, type Stage } from '../parts/scenario.ts';
import { compareRevenue } from './revenue.ts';
import { DAYS, FIRST_DAY, HOME, LAST_DAY, startWorld } from './world.ts';

const scenario: Scenario<object> = {
  surroundings: "the shop's database and the warehouse",
  files: [fileURLToPath(new URL('./pipeline.ts', import.meta.url))],
  workflow: 'daily_revenue',
  home: HOME,
  readOptions: () => ({}),
  startWorld,
  perform: async (stage) => {
    const failed = await catchUp(stage);
    if (failed === undefined) return undefined;
    const { MILLRACE_CONN_POSTGRES_DEFAULT: shop, MILLRACE_CONN_WAREHOUSE_DEFAULT: warehouse } = stage.world.env;
    const found = await compareRevenue({ shop: shop!, warehouse: warehouse! }, { first: FIRST_DAY, last: LAST_DAY });
    const number = (value: number) => value.toLocaleString('en');
    console.log(
      `\nwarehouse: ${number(found.orders)} orders, ${number(found.cds)} CDs, ${found.amount} US dollars in ${found.days} days`,
    );
    const { different } = found;
    if (different.length === 0) console.log('Each day equals what SQL says of all purchases at once.');
    else console.log(`${different.length} days differ from what SQL says: ${different.slice(0, 5).join(', ')} ...`);
    return failed === 0 && different.length === 0;
  },
};

/** Sees the schedule's runs end, says how fast, and gives how many failed; undefined when it was stopped before. */
async function catchUp({ millrace, signal }: Stage<object>): Promise<number | undefined> {
  const begun = performance.now();
  const ended = { before: 0, now: 0 };
  let failed = 0;
  console.log(`\n${scenario.workflow}: ${DAYS} days to catch up on`);
  for await (const { runId, state, when } of millrace.endedRuns(scenario.workflow, signal)) {
    if (!runId.startsWith('scheduled__')) continue;
    ended[when] += 1;
    if (state !== 'success') {
      failed += 1;
      console.log(`${runId} ${state}`);
    }
    const all = ended.before + ended.now;
    if (when === 'now' && (all % 50 === 0 || all === DAYS)) {
      console.log(`${seconds(performance.now() - begun).padStart(8)}  ${all} of ${DAYS} runs have ended`);
    }
    if (all === DAYS) break;
  }
  if (signal.aborted) return undefined;
  const minutes = (performance.now() - begun) / 60_000;
  if (ended.before > 0) console.log(`${ended.before} runs had ended before`);
  if (ended.now > 0) {
    const rate = Math.round(ended.now / minutes).toLocaleString('en');
    console.log(`${ended.now} runs in ${seconds(minutes * 60_000)}: ${rate} a minute`);
  }
  return failed;
}

process.exit(await runScenario(scenario, process.argv.slice(2)));
