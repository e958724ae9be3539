import type { AttemptOrder, Report, RunFacts } from '../../executor/executor.ts';
import type { FromWorker, ToWorker, WorkerSetup } from '../../executor/process/protocol.ts';
import { systemClock } from '../../model/clock.ts';
import { currentScope } from '../../sdk/scope.ts';
import { RunningScope } from '../attempt-scope.ts';
import { cachedObjects } from '../cached-objects.ts';
import { killGroup } from '../child/kill-group.ts';
import { captureConsole } from '../console-capture.ts';
import { type AttemptEnvironment, RunningAttempt } from '../run-attempt.ts';
import type { StopCause } from '../stop-cause.ts';
import { BundleCache } from './bundle-cache.ts';
import { openObjects } from './open-objects.ts';
import { Outbox } from './outbox.ts';

// A worker process: takes orders from the server that forked it, runs them side by side, reports.

const exit = process.exit.bind(process);
const outbox = new Outbox((message: FromWorker) => {
  if (process.connected) process.send?.(message, () => {});
});
const bundles = new BundleCache();
const attempts = new Map<string, RunningAttempt>();
let environment: AttemptEnvironment | undefined;
let ending = false;

function receive(message: ToWorker): void {
  switch (message.kind) {
    case 'setup':
      void setUp(message);
      break;
    case 'run':
      run(message.runs, message.orders);
      break;
    case 'cancel':
      attempts.get(message.token)?.stop({ kind: 'cancelled', reason: message.reason });
      break;
    case 'steps':
      attempts.get(message.token)?.acknowledgeSteps(message.numbers);
      break;
    case 'answer':
      outbox.answer(message.question, message.answer);
      break;
    case 'ping':
      outbox.pong(message.number);
      break;
  }
}

const settingUp = Promise.withResolvers<AttemptEnvironment>();

async function setUp({ name, objects, inlineLimit }: WorkerSetup): Promise<void> {
  process.title = `millrace ${name}`;
  environment = {
    clock: systemClock,
    objects: cachedObjects(await openObjects(objects)),
    inlineLimit,
    worker: `${name} (pid ${process.pid})`,
    transport: outbox,
    load: (bundle, workflow) => bundles.load(bundle, workflow),
  };
  settingUp.resolve(environment);
  outbox.ready();
}

function run(runs: readonly RunFacts[], orders: readonly AttemptOrder[]): void {
  if (!environment) return void settingUp.promise.then(() => run(runs, orders));
  for (const order of orders) {
    const facts = runs.find(({ key }) => key === order.run) as RunFacts;
    const attempt = new RunningAttempt(order, facts, environment);
    attempts.set(order.token, attempt);
    void attempt.report.then(finish);
  }
}

function finish(report: Report): void {
  attempts.delete(report.token);
  outbox.report(report);
  if (ending && attempts.size === 0) leave();
}

/** Ends the process once what it has to say is on its way. */
function leave(): void {
  outbox.flush();
  if (process.connected) process.send?.({} satisfies FromWorker, () => exit(0));
  else exit(0);
}

function stopAll(cause: StopCause): void {
  for (const attempt of attempts.values()) attempt.stop(cause);
}

/** What surrounds the code that is running now: the body of an attempt, or of one call of a flow, that has not ended. */
function runningScope(): RunningScope | undefined {
  const scope = currentScope();
  return scope instanceof RunningScope && attempts.has(scope.token) ? scope : undefined;
}

/** The author's mistake must not cost the neighbours their work: it fails the body that made it, and no other. */
function guardNeighbours(): void {
  process.on('uncaughtException', (error) => {
    const scope = runningScope();
    if (scope) scope.stop({ kind: 'uncaught', error });
    else console.error('an error that belongs to no running attempt:', error);
  });
  process.on('unhandledRejection', (error) => {
    const scope = currentScope();
    const text = `a promise was rejected and nobody handled it: ${error instanceof Error ? error.stack : String(error)}`;
    if (scope instanceof RunningScope) scope.attemptLog.system('warn', text);
    else console.error(text);
  });
  process.exit = ((code?: number | string | null): never => {
    const scope = runningScope();
    if (!scope) return exit(code);
    const cause: StopCause = { kind: 'exit', exitCode: Number(code ?? 0) };
    scope.stop(cause);
    throw new Error(`process.exit(${cause.exitCode})`);
  }) as typeof process.exit;
}

process.on('message', (message) => receive(message as ToWorker));
process.on('disconnect', () => {
  // The server is gone: nobody would hear what the bodies have to say.
  stopAll({ kind: 'shutdown', detail: 'the server is gone' });
  killGroup();
});
process.on('SIGTERM', () => {
  ending = true;
  stopAll({ kind: 'shutdown', detail: 'the worker was told to end' });
  if (attempts.size === 0) leave();
});
// Ctrl-C is the server's to answer.
process.on('SIGINT', () => {});
guardNeighbours();
captureConsole();
