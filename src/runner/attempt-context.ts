import type { AttemptOrder, RunFacts } from '../executor/executor.ts';
import { decodeValue } from '../model/value.ts';
import { buildContext } from '../sdk/build-context.ts';
import type { Context } from '../sdk/context.ts';
import type { AttemptLog } from './attempt-log.ts';
import type { ProgressReporter } from './progress-reporter.ts';
import type { StopSwitch } from './stop-switch.ts';

export interface ContextParts {
  readonly order: AttemptOrder;
  readonly run: RunFacts;
  readonly log: AttemptLog;
  readonly stop: StopSwitch;
  readonly progress: ProgressReporter;
}

/** What the body is told about its run and its attempt. */
export function contextOf({ order, run, log, stop, progress }: ContextParts): Context {
  return buildContext({
    run,
    attempt: order,
    params: () => decodeAll(run.params),
    conf: () => decodeConf(run.conf),
    log,
    signal: stop.signal,
    reportProgress: (done, total) => progress.report({ done, total }),
  });
}

function decodeAll(values: Readonly<Record<string, string>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(values).map(([name, text]) => [name, decodeValue(text)]));
}

/** What the run was started with: plain JSON from the API, or an encoded value. */
function decodeConf(text: string): Readonly<Record<string, unknown>> {
  return (text.startsWith('{') ? JSON.parse(text) : decodeValue(text)) as Record<string, unknown>;
}
