import { inspect } from 'node:util';
import { cancelRun, type Trigger, trigger, triggerOnce } from '../../engine/operations.ts';
import { MillraceError } from '../../model/errors.ts';
import { isRunFinished } from '../../model/states.ts';
import { decodeValue } from '../../model/value.ts';
import type { RunRow } from '../../store/rows.ts';
import { date, jsonObject } from '../arguments.ts';
import { command } from '../command.ts';
import { RunFollower } from '../follow-run.ts';
import type { KnownWorkflow } from '../names.ts';
import { otherServers } from '../other-server.ts';
import { EXIT } from '../report-error.ts';
import { runData } from '../run-data.ts';
import { collectPair, paramsGiven } from '../run-params.ts';
import { type RunTarget, runTarget, workflowOf } from '../run-target.ts';
import { randomIds } from '../server/ids.ts';
import type { LogEntry } from '../server/log.ts';
import { sayEntry } from '../server-talk.ts';
import type { Session } from '../session.ts';
import { serverOptions } from './server-options.ts';

interface RunOptions {
  readonly workflow?: string;
  readonly param: readonly string[];
  readonly conf?: string;
  readonly logicalDate?: string;
  readonly runId?: string;
  readonly workers?: string;
}

export const run = () =>
  command<readonly [target: string], RunOptions>(
    'run',
    'run a flow or a DAG once and tell what happens; ends with 0 only when it succeeds',
    (it) =>
      it
        .argument('<file-or-name>', 'a pipeline file, or the name of a flow or DAG')
        .option('-p, --param <name=value>', 'a param, as JSON or as a text; may be given again', collectPair, [])
        .option('--conf <json>', 'params, as a JSON object')
        .option('--workflow <name>', 'which one, where the file has several')
        .option('--logical-date <date>', 'ISO 8601, or "none" for a run without one (default: now)')
        .option('--run-id <id>', 'default: made from type and date')
        .option('--workers <count>', 'worker processes, where no server runs (default: one for each core)'),
    async (session, [text], options) => {
      const target = runTarget(session.cwd, text, options.workflow);
      const { workflow, ended } = await runOnce(session, target, options);
      const result = workflow.kind === 'flow' && ended.state === 'success' ? await resultOf(session, ended) : undefined;
      const { terminal } = session;
      terminal.data({ ...runData(ended, workflow.name), ...(result === undefined ? {} : { result }) }, () =>
        [
          `${workflow.name}: run ${ended.runId} ended as ${terminal.state(ended.state)}`,
          ...(result === undefined ? [] : [typeof result === 'string' ? result : JSON.stringify(result, null, 2)]),
        ].join('\n'),
      );
      return ended.state === 'success' ? EXIT.ok : EXIT.failed;
    },
  );

interface Begun {
  readonly workflow: KnownWorkflow;
  readonly run: RunRow;
  readonly follower: RunFollower;
}

interface Ended {
  readonly workflow: KnownWorkflow;
  readonly ended: RunRow;
}

/** Where a server runs on the store it is asked; where there is none, or it goes away over it, this command is one. */
async function runOnce(session: Session, target: RunTarget, options: RunOptions): Promise<Ended> {
  let begun: Begun | null = null;
  const begin = async (missing: string, start: (request: Trigger) => Promise<RunRow>): Promise<Begun> => {
    if (begun) return begun;
    const workflow = await workflowOf(session, target, missing);
    const run = await start(requestOf(workflow, options));
    begun = { workflow, run, follower: new RunFollower(session, run, 'events and logs') };
    return begun;
  };
  for (;;) {
    if ((await otherServers(session)).length > 0) {
      const missing =
        'The server on this store does not serve the file: start it with the file, or run it in another --home.';
      const { workflow, follower } = await begin(missing, (request) =>
        session.operate((e) => trigger(e, randomIds, request)),
      );
      const ended = await follower.follow(async () => (await otherServers(session)).length === 0);
      if (isRunFinished(ended.state)) return { workflow, ended };
      session.terminal.say('the server is gone; the run goes on here');
    }
    try {
      return await runHere(session, { target, options, begin });
    } catch (error) {
      // Another one was faster.
      if (!MillraceError.is(error) || error.code !== 'store_locked') throw error;
    }
  }
}

/**
 * No server runs on the store: there is one as long as the run takes. It makes no runs that schedules say are due. An
 * interrupt cancels the run; a kill leaves it to the next server, which goes on with it.
 */
async function runHere(
  session: Session,
  {
    target,
    options,
    begin,
  }: {
    readonly target: RunTarget;
    readonly options: RunOptions;
    readonly begin: (missing: string, start: (request: Trigger) => Promise<RunRow>) => Promise<Begun>;
  },
): Promise<Ended> {
  const { startServer } = await import('../server/server.ts');
  const server = await startServer({
    ...serverOptions(session, await filesOf(session, target), { ...options }),
    watch: false,
    schedules: 'ignored',
    log: (entry) => {
      if (isWorthTelling(entry)) sayEntry(session, entry);
    },
  });
  const signals = ['SIGINT', 'SIGTERM'] as const;
  let interrupt = () => {};
  const onSignal = () => interrupt();
  try {
    const { workflow, run, follower } = await begin('See what is wrong with it: millrace check.', (request) =>
      server.engine.command(triggerOnce(randomIds, request)),
    );
    interrupt = () => {
      // The second signal ends the process, as it does by default.
      for (const signal of signals) process.off(signal, onSignal);
      session.terminal.say('cancelling; once more to end at once');
      void server.engine.command((e) => cancelRun(e, run)).finally(() => server.engine.wake());
    };
    for (const signal of signals) process.on(signal, onSignal);
    server.engine.wake();
    return { workflow, ended: await follower.follow() };
  } finally {
    for (const signal of signals) process.off(signal, onSignal);
    await server.stop();
  }
}

/** The files to read: the one that is meant, or that has the workflow of this name; else all of the project. */
async function filesOf(session: Session, target: RunTarget): Promise<readonly string[]> {
  if (target.kind === 'file') return [target.file];
  const { queries } = await session.store();
  const { existsSync } = await import('node:fs');
  const known = await queries.workflow(target.name);
  return known?.present && existsSync(known.file) ? [known.file] : [];
}

function requestOf(workflow: KnownWorkflow, { param, conf, logicalDate, runId }: RunOptions): Trigger {
  if (workflow.paused) {
    throw new MillraceError('conflict', `${workflow.name} is paused: a run of it would not start`, {
      fix: `millrace dags unpause ${workflow.name}`,
    });
  }
  return {
    workflow: workflow.name,
    conf: { ...jsonObject('--conf', conf), ...paramsGiven(param, workflow.spec) },
    logicalDate: logicalDate === 'none' ? null : date('--logical-date', logicalDate),
    runId,
    triggeredBy: 'cli',
  };
}

/** Errors, and what workers print; not what a server says of its own life. */
function isWorthTelling({ level, fields }: LogEntry): boolean {
  return level !== 'info' || fields.worker !== undefined;
}

/** What a flow's body returned, as JSON can show it; undefined for nothing, or something large. */
async function resultOf(session: Session, { id }: RunRow): Promise<unknown> {
  const outputs = await (await session.store()).queries.outputs(id);
  const output = outputs.find(({ task, key }) => task === 0 && key === 'return_value');
  if (output?.value.kind === 'list') return output.value.elements.map((element) => decodeValue(element));
  if (output?.value.kind !== 'inline') return undefined;
  const value = decodeValue(output.value.data);
  try {
    return JSON.parse(JSON.stringify(value)) as unknown;
  } catch {
    return inspect(value);
  }
}
