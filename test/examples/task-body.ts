import { customerDataPipeline } from '../../examples/customer-pipeline/pipeline.ts';
import { DEFAULT_LOGICAL_DATE } from '../../examples/customer-pipeline/world.ts';
import { parseConnection } from '../../src/model/connection.ts';
import { buildContext } from '../../src/sdk/build-context.ts';
import type { Logger } from '../../src/sdk/context.ts';
import { drawnWorkflow } from '../../src/sdk/dag.ts';
import { withScope } from '../../src/sdk/scope.ts';

const { spec, taskFunctions } = drawnWorkflow(customerDataPipeline);

/** Runs the body of one of the pipeline's tasks as a worker would, without an engine around it. */
export async function runBody(
  id: string,
  { input, env }: { input?: unknown; env: Readonly<Record<string, string | undefined>> },
): Promise<unknown> {
  const index = spec.tasks.findIndex((task) => task.id === id);
  const log = new Proxy({}, { get: () => () => {} }) as Logger;
  const date = DEFAULT_LOGICAL_DATE.getTime();
  const context = buildContext({
    run: {
      runId: 'manual',
      workflow: spec.id,
      type: 'manual',
      logicalDate: date,
      intervalStart: date,
      intervalEnd: date,
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
