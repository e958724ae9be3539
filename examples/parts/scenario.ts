import { relative, resolve } from 'node:path';
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { type Millrace, startMillrace } from './run-pipeline.ts';
import { describePlaces, seconds } from './run-report.ts';
import type { World } from './world.ts';

type Flags = Readonly<Record<string, string | boolean | undefined>>;

/** An example that is run from the command line. O: its options. */
export interface Scenario<O> {
  /** What runs around the pipelines, in words: "the shop's database, …". */
  readonly surroundings: string;
  readonly files: readonly string[];
  /** The workflow that somebody who wants to know more looks at. */
  readonly workflow: string;
  /**
   * Folder in MILLRACE_HOME that is Millrace's home here, so that the pipelines' schedules run only where their
   * surroundings do. Default: MILLRACE_HOME itself.
   */
  readonly home?: string;
  /** Its flags, beside --once and --help, and their description. */
  readonly flags?: NonNullable<ParseArgsConfig['options']>;
  readonly usage?: string;
  /** Throws for what is not an option's value. */
  readOptions(flags: Flags): O;
  /** Does what these options ask for without a run, and says what it did; undefined where they ask for a run. */
  answer?(options: O, home: string): Promise<string | undefined>;
  startWorld(options: O & { readonly home: string }): Promise<World>;
  /** Makes happen what is to happen, and prints it. Whether it went well; undefined when it was stopped before. */
  perform(stage: Stage<O>): Promise<boolean | undefined>;
}

/** What an example has to work with while it runs. */
export interface Stage<O> {
  readonly options: O;
  readonly world: World;
  readonly millrace: Millrace;
  /** Aborts at Ctrl-C. */
  readonly signal: AbortSignal;
}

const USAGE = `Options:
  --once              end when it is done, with 0 when it succeeded, else 1
  --help`;

/**
 * Runs an example from the command line: starts what is around it and Millrace, makes happen what is to happen, and
 * says where to look. Without `--once` it stays up until Ctrl-C, which stops everything; a second Ctrl-C ends it at
 * once. Returns the exit code.
 */
export async function runScenario<O extends object>(scenario: Scenario<O>, args: readonly string[]): Promise<number> {
  const interrupted = new AbortController();
  const onSignal = () => {
    if (interrupted.signal.aborted) process.exit(130);
    console.log('Stopping; once more to end at once ...');
    interrupted.abort();
  };
  const usage = [USAGE, scenario.usage].filter((text) => text !== undefined).join('\n');
  let read: { readonly flags: Flags; readonly options: O };
  try {
    read = readArguments(scenario, args);
  } catch (error) {
    console.log(`${messageOf(error)}\n${usage}`);
    return 2;
  }
  if (read.flags.help) {
    console.log(usage);
    return 0;
  }
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  try {
    return await run(scenario, { options: read.options, once: read.flags.once === true, signal: interrupted.signal });
  } catch (error) {
    console.error(messageOf(error));
    return 1;
  } finally {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  }
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : error);

function readArguments<O>(scenario: Scenario<O>, args: readonly string[]): { flags: Flags; options: O } {
  const options = { once: { type: 'boolean' }, help: { type: 'boolean' }, ...scenario.flags } as const;
  const flags = parseArgs({ args: [...args], options }).values as Flags;
  return { flags, options: scenario.readOptions(flags) };
}

async function run<O extends object>(
  scenario: Scenario<O>,
  { options, once, signal }: { readonly options: O; readonly once: boolean; readonly signal: AbortSignal },
): Promise<number> {
  const home = resolve(process.env.MILLRACE_HOME || '.millrace', scenario.home ?? '');
  const answer = await scenario.answer?.(options, home);
  if (answer !== undefined) {
    console.log(answer);
    return 0;
  }
  const begun = performance.now();
  console.log(`Starting ${scenario.surroundings} ...`);
  const world = await scenario.startWorld({ ...options, home });
  try {
    if (signal.aborted) return 130;
    const page = once ? {} : { port: Number(process.env.MILLRACE_PORT || 8080) };
    const millrace = await startMillrace({ home, files: scenario.files, env: world.env, ...page });
    try {
      console.log(
        `Ready after ${seconds(performance.now() - begun)}.${millrace.url ? ` Watch it: ${millrace.url}` : ''}`,
      );
      const wentWell = await scenario.perform({ options, world, millrace, signal });
      if (wentWell === undefined) return 130;
      const where = `npx millrace runs show ${scenario.workflow}${scenario.home ? homeOption(home) : ''}`;
      const command = { what: 'each task and log', where };
      const shown = millrace.url ? [{ what: 'the page', where: `${millrace.url}/workflows/${scenario.workflow}` }] : [];
      console.log(`\nWhere to look\n${describePlaces([...shown, command, ...world.places])}\n`);
      if (!once) await untilStopped(signal);
      return wentWell || !once ? 0 : 1;
    } finally {
      await millrace.stop();
    }
  } finally {
    await world.stop();
  }
}

/** How a command of the CLI finds a home that is not MILLRACE_HOME. */
export function homeOption(home: string): string {
  const path = relative('', home);
  return ` --home ${path.startsWith('..') ? home : path}`;
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
