import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Millrace, type RunRequest, startMillrace } from './run-pipeline.ts';
import { describePlaces, RunReport, seconds } from './run-report.ts';
import type { World } from './world.ts';

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

const USAGE = `Options:
  --once              end when the run has ended, with 0 when it succeeded, else 1
  --date YYYY-MM-DD   the day to run for
  --help`;

/**
 * Runs an example from the command line: starts what is around it and Millrace, makes the run of the logical date
 * happen, or goes on with it after a kill, and says what happens. Without `--once` it stays up until Ctrl-C, which
 * stops everything; a second Ctrl-C ends it at once. Returns the exit code.
 */
export async function runExample(example: Example, args: readonly string[]): Promise<number> {
  const options = readOptions(example, args);
  if (options.kind === 'answer') {
    console.log(options.text);
    return options.code;
  }
  const interrupted = new AbortController();
  const onSignal = () => {
    if (interrupted.signal.aborted) process.exit(130);
    console.log('Stopping; once more to end at once ...');
    interrupted.abort();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  try {
    return await run(example, { ...options, signal: interrupted.signal });
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return 1;
  } finally {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  }
}

type Options =
  | { readonly kind: 'run'; readonly once: boolean; readonly logicalDate: Date }
  | { readonly kind: 'answer'; readonly text: string; readonly code: number };

function readOptions(example: Example, args: readonly string[]): Options {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { once: { type: 'boolean' }, date: { type: 'string' }, help: { type: 'boolean' } },
    });
    if (values.help) return { kind: 'answer', text: USAGE, code: 0 };
    return { kind: 'run', once: values.once ?? false, logicalDate: onDay(example.logicalDate, values.date) };
  } catch (error) {
    return { kind: 'answer', text: `${error instanceof Error ? error.message : error}\n${USAGE}`, code: 2 };
  }
}

/** The date's time of the day, on another day. */
function onDay(date: Date, day: string | undefined): Date {
  if (day === undefined) return date;
  const moved = new Date(`${day}T${date.toISOString().slice(11)}`);
  if (!/^\d{4}-\d\d-\d\d$/.test(day) || Number.isNaN(moved.getTime()) || !moved.toISOString().startsWith(day)) {
    throw new Error(`--date ${day} is not a day of the form YYYY-MM-DD.`);
  }
  return moved;
}

interface Running {
  readonly once: boolean;
  readonly logicalDate: Date;
  readonly signal: AbortSignal;
}

async function run(example: Example, { once, logicalDate, signal }: Running): Promise<number> {
  const home = resolve(process.env.MILLRACE_HOME || '.millrace');
  const begun = performance.now();
  console.log(`Starting ${example.surroundings} ...`);
  const world = await example.startWorld({ home, logicalDate });
  try {
    if (signal.aborted) return 130;
    const millrace = await startMillrace({ home, files: example.files, env: world.env });
    try {
      console.log(`Ready after ${seconds(performance.now() - begun)}.`);
      const runId = `manual__${logicalDate.toISOString().replace('.000Z', '+00:00')}`;
      const state = await watchRun(millrace, { request: { workflow: example.workflow, logicalDate, runId }, signal });
      if (state === undefined) return 130;
      for (const line of await example.results(world)) console.log(line);
      const command = { what: 'each task and log', where: `npx millrace runs show ${example.workflow}` };
      console.log(`\nWhere to look\n${describePlaces([command, ...world.places])}\n`);
      if (!once) await untilStopped(signal);
      return state === 'success' || !once ? 0 : 1;
    } finally {
      await millrace.stop();
    }
  } finally {
    await world.stop();
  }
}

/** The run's last state, or undefined when somebody stopped the example before. */
async function watchRun(
  millrace: Millrace,
  { request, signal }: { request: RunRequest; signal: AbortSignal },
): Promise<string | undefined> {
  const report = new RunReport(Date.now());
  let state: string | undefined;
  const how = await millrace.trigger(request);
  console.log(`\n${request.workflow}, ${request.runId}: ${how}`);
  for await (const event of millrace.events(request, signal)) {
    const line = report.line(event);
    if (line !== undefined) console.log(line);
    if (event.kind === 'run') state = event.state;
  }
  return signal.aborted ? undefined : state;
}

async function untilStopped(signal: AbortSignal): Promise<void> {
  console.log('Everything stays up. Ctrl-C stops it.');
  const alive = setInterval(() => {}, 60_000);
  await new Promise<void>((stopped) => {
    if (signal.aborted) stopped();
    else signal.addEventListener('abort', () => stopped(), { once: true });
  });
  clearInterval(alive);
}
