import { MillraceError } from '../model/errors.ts';
import type { WorkflowSpec } from '../model/spec.ts';
import { firstDifference } from './canonical.ts';
import { type DagOptions, type ParsedDagOptions, parseDagOptions } from './dag-options.ts';
import { DRAWN } from './definition.ts';
import { Drawing, draw } from './drawing.ts';
import { type DrawnWorkflow, taskFunctionsOf } from './drawn-workflow.ts';
import type { AnyFlow } from './flow.ts';
import { checkId, placed } from './id.ts';
import { invalidOption, written } from './option-reader.ts';
import { type Params, type ParamsInput, type ParamWires, paramWires, readParams } from './params.ts';
import { type PlaceProbe, placeOfCall } from './place.ts';
import { register } from './registry.ts';
import { groupSpecs, mergedOptions, taskSpecs } from './task-spec.ts';
import { invalidWiring } from './wiring.ts';

/** A DAG, as dag() gives it. */
export interface Dag {
  readonly id: string;
}

/**
 * Makes a DAG: a workflow whose graph is known before it runs. The body draws the graph by calling tasks; it runs at
 * once, twice, and must draw the same both times: it must not depend on the clock, on chance, or on what it changes.
 * It gets the DAG's params as wires. Nothing that it does is part of a run.
 *
 * @param id ASCII letters, digits, '-', '.' and '_', 250 characters at most; unique in an installation.
 * @throws MillraceError with the place of the call: `invalid_id`, `invalid_option`, `invalid_cron`,
 * `unknown_timezone`, `invalid_date`, `invalid_duration`, `unknown_trigger_rule`, `start_after_end`, `invalid_params`,
 * `invalid_wiring`, `task_called_twice`, `duplicate_task`, `duplicate_group`, `duplicate_dag`, `dag_cycle`,
 * `runtime_varying`.
 */
export function dag<const P extends ParamsInput = Readonly<Record<never, never>>>(
  id: string,
  options: DagOptions<P>,
  body: (params: ParamWires<P>) => void,
): Dag {
  const place = placeOfCall(dag);
  checkId('DAG', id, place);
  const owner = `DAG '${id}'`;
  const parsed = parseDagOptions(options, { owner, place });
  const params = readParams(parsed.params, { owner, place });
  checkParams(id, { parsed, params }, place);
  if (typeof body !== 'function') {
    throw invalidWiring(`${owner} has no body`, "Write dag('id', { schedule: … }, () => { … }).", place);
  }
  const first = drawOnce(id, { parsed, params, body: body as (params: object) => unknown }, place);
  const second = drawOnce(id, { parsed, params, body: body as (params: object) => unknown }, place);
  checkSame(first.spec, second.spec, place);
  register(first, place);
  return Object.defineProperty({ id }, DRAWN, { value: first });
}

/** What a DAG or a flow is made of. Throws for what neither dag() nor flow() made. */
export function drawnWorkflow(workflow: Dag | AnyFlow): DrawnWorkflow {
  const drawn = (workflow as unknown as { [DRAWN]?: DrawnWorkflow })[DRAWN];
  if (drawn) return drawn;
  throw new MillraceError('invalid_argument', 'this is no workflow', { fix: 'Give what dag() or flow() returned.' });
}

interface Recipe {
  readonly parsed: ParsedDagOptions;
  readonly params: Params;
  readonly body: (params: object) => unknown;
}

function drawOnce(id: string, { parsed, params, body }: Recipe, place: PlaceProbe): DrawnWorkflow {
  const drawing = new Drawing(id);
  const result = draw(drawing, () => body(paramWires(drawing, params, place)));
  if (result instanceof Promise) {
    result.catch(() => undefined);
    throw invalidWiring(
      `the body of DAG '${id}' is asynchronous`,
      'Take async away: the body only draws, and awaits nothing.',
      place,
    );
  }
  const { defaultArgs, params: _, ...options } = parsed;
  const tasks = taskSpecs(drawing, defaultArgs);
  if (parsed.failFast) checkFailFast(tasks, id, place);
  const spec: WorkflowSpec = {
    format: 1,
    kind: 'dag',
    id,
    ...options,
    params: params.spec,
    tasks,
    groups: groupSpecs(drawing),
  };
  const functions = drawing.tasks.map((task, index) =>
    taskFunctionsOf(task, { index, tasks }, mergedOptions(drawing, task, defaultArgs)),
  );
  return {
    spec,
    functions: drawing.functions,
    parseParams: params.parse,
    taskFunctions: (index) => {
      const found = functions[index];
      if (found) return found;
      throw new MillraceError('internal', `DAG '${id}' has no task with index ${index}`);
    },
  };
}

function checkFailFast(tasks: WorkflowSpec['tasks'], id: string, place: PlaceProbe): void {
  const other = tasks.find((task) => !task.teardown && task.triggerRule !== 'all_success');
  if (!other) return;
  throw invalidOption(
    `DAG '${id}' has failFast, but task '${other.id}' has trigger rule '${other.triggerRule}'`,
    "Give every task trigger rule 'all_success', or take failFast away.",
    place,
  );
}

/** Defaults have to pass where runs are made without anybody to ask (Airflow's). */
function checkParams(id: string, { parsed, params }: Pick<Recipe, 'parsed' | 'params'>, place: PlaceProbe): void {
  if (parsed.schedule.kind === 'none') return;
  const result = params.parse({});
  if (!('issues' in result)) return;
  const issues = result.issues.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; ');
  throw new MillraceError('invalid_params', `the defaults of the params of DAG '${id}' are not valid: ${issues}`, {
    fix: 'Give every param a valid default, because scheduled runs have nothing else, or take the schedule away.',
    ...placed(place),
  });
}

function checkSame(first: WorkflowSpec, second: WorkflowSpec, place: PlaceProbe): void {
  const difference = firstDifference(first, second);
  if (!difference) return;
  const { path, first: before, second: after } = difference;
  throw new MillraceError(
    'runtime_varying',
    `DAG '${first.id}' is drawn differently each time: ${path} was ${written(before)}, then ${written(after)}`,
    {
      fix: 'Keep the clock, chance, and whatever changes out of the body: read them in a task.',
      ...placed(place),
    },
  );
}
