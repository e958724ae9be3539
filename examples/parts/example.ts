import { followRun, runOf } from './follow-run.ts';
import { runScenario } from './scenario.ts';
import type { World } from './world.ts';

/** An example that is one run of a day. */
export interface Example {
  /** What runs around the pipeline, in words: "the shop's database, …". */
  readonly surroundings: string;
  readonly files: readonly string[];
  readonly workflow: string;
  readonly logicalDate: Date;
  startWorld(options: { home: string; logicalDate: Date }): Promise<World>;
  /** What the run left behind, one line each. */
  results(world: World): Promise<readonly string[]>;
}

/** Runs an example from the command line: makes the run of the logical date happen, or goes on with it after a kill. */
export function runExample(example: Example, args: readonly string[]): Promise<number> {
  const { surroundings, files, workflow, startWorld } = example;
  return runScenario(
    {
      surroundings,
      files,
      workflow,
      flags: { date: { type: 'string' } },
      usage: '  --date YYYY-MM-DD   the day to run for',
      readOptions: ({ date }) => ({ logicalDate: onDay(example.logicalDate, date) }),
      startWorld,
      perform: async ({ millrace, world, options, signal }) => {
        const state = await followRun(millrace, { request: runOf(workflow, options.logicalDate), signal });
        if (state === undefined) return undefined;
        for (const line of await example.results(world)) console.log(line);
        return state === 'success';
      },
    },
    args,
  );
}

/** The date's time of the day, on another day. */
export function onDay(date: Date, day: string | boolean | undefined): Date {
  if (day === undefined) return date;
  const moved = new Date(`${day}T${date.toISOString().slice(11)}`);
  const valid = /^\d{4}-\d\d-\d\d$/.test(`${day}`) && !Number.isNaN(moved.getTime());
  if (!valid || !moved.toISOString().startsWith(`${day}`)) {
    throw new Error(`--date ${day} is not a day of the form YYYY-MM-DD.`);
  }
  return moved;
}
