import { parseConnection } from '../../src/model/connection.ts';
import { buildContext } from '../../src/sdk/build-context.ts';
import type { Logger } from '../../src/sdk/context.ts';
import { type Dag, drawnWorkflow } from '../../src/sdk/dag.ts';
import { withScope } from '../../src/sdk/scope.ts';

interface BodyOptions {
  readonly input?: unknown;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Logical date of the run, and start of its data interval. */
  readonly date: Date;
  /** Length of the data interval in milliseconds; default 0. */
  readonly interval?: number;
}

/** Runs the body of one of a DAG's tasks as a worker would, without an engine around it. */
export async function runBody(
  dag: Dag,
  id: string,
  { input, env, date: at, interval = 0 }: BodyOptions,
): Promise<unknown> {
  const { spec, taskFunctions } = drawnWorkflow(dag);
  const index = spec.tasks.findIndex((task) => task.id === id);
  const log = new Proxy({}, { get: () => () => {} }) as Logger;
  const date = at.getTime();
  const context = buildContext({
    run: {
      runId: 'manual',
      workflow: spec.id,
      type: 'manual',
      logicalDate: date,
      intervalStart: date,
      intervalEnd: date + interval,
      runAfter: date,
      startedAt: date,
      previousSuccess: null,
    },
    attempt: { taskId: id, attempt: 1, maxAttempts: 3, mapIndex: -1, mapLength: null },
    params: () => ({}),
    conf: () => ({}),
    log,
    signal: new AbortController().signal,
    reportProgress: () => {},
  });
  const named = (kind: string, name: string) => env[`MILLRACE_${kind}_${name.toUpperCase()}`];
  const scope = {
    context,
    connection: async (name: string) => {
      const uri = named('CONN', name);
      return uri === undefined ? undefined : parseConnection(name, uri);
    },
    variable: async (name: string) => named('VAR', name),
    secret: async () => undefined,
    mask: () => {},
  };
  return withScope(scope, () => taskFunctions(index).run(input, context));
}
