import { MillraceError } from '../model/errors.ts';
import type { TaskSpec, WorkflowSpec } from '../model/spec.ts';
import type { Context } from './context.ts';
import { DRAWN } from './definition.ts';
import { currentDrawing } from './drawing.ts';
import type { DrawnWorkflow } from './drawn-workflow.ts';
import type { FlowDefinition } from './flow-definition.ts';
import { type FlowOptions, parseFlowOptions } from './flow-options.ts';
import { asFlowOutput } from './flow-output.ts';
import { checkId, placed } from './id.ts';
import type { Args, Output } from './output.ts';
import { readParams } from './params.ts';
import { type PlaceProbe, placeOfCall } from './place.ts';
import { isCapturing, register } from './registry.ts';
import { type RetryDecision, retryDecision } from './retry-decision.ts';
import { currentScope } from './scope.ts';
import { type ServeOptions, serve } from './serve.ts';
import { endOf } from './settled.ts';
import { invalidWiring } from './wiring.ts';

/**
 * A workflow in plain code: I is the object of its params, O what it returns. Called inside of another flow it runs as
 * a child, in the same attempt; its calls are recorded as `flow/occurrence/name`.
 */
export interface Flow<I, O> {
  (...input: Args<I>): Output<O>;
  readonly name: string;
  /** The same as calling it. */
  submit(...input: Args<I>): Output<O>;
  /** The same flow with other options, laid over its own: for calls inside of another flow, and for serve(). */
  with(options: FlowOptions<I>): Flow<I, O>;
  /**
   * Serves the flow in this process, on its schedule, until the process is told to end. Does nothing while the file is
   * loaded by a server.
   */
  serve(options: ServeOptions<I>): Promise<void>;
}

/** Any flow, whatever its types. */
// biome-ignore lint/suspicious/noExplicitAny: every flow is meant
export type AnyFlow = Flow<any, any>;

/**
 * Makes a flow: a workflow whose graph is found while its code runs. Each call of a task, or of another flow, is
 * recorded under its name and its occurrence before the code sees what it gave: after a crash, or when the run is
 * resumed, finished calls answer from the record and their bodies do not run again. So the code between the calls may
 * run more than once, and must make the same calls for the same answers.
 *
 * @param name ASCII letters, digits, '-', '.' and '_', 250 characters at most; unique in an installation.
 * @throws MillraceError `invalid_id`, `invalid_option`, `invalid_duration`, `invalid_params`, `duplicate_dag`.
 */
export function flow<I = void, O = void>(
  name: string,
  fn: (input: I, context: Context) => Promise<O> | O,
  options?: FlowOptions<I>,
): Flow<I, O> {
  const place = placeOfCall(flow);
  checkId('flow', name, place);
  if (typeof fn !== 'function') {
    throw invalidWiring(
      `flow '${name}' has no function`,
      "Write flow('name', async (input, context) => …, options).",
      place,
    );
  }
  const written = { name, fn: fn as FlowDefinition['fn'], options: {}, parseParams: () => ({ value: {} }) };
  const definition = withOptions(written, options, place);
  register(workflowOf(definition, place), place);
  return makeFlow<I, O>(definition, place);
}

function withOptions(definition: FlowDefinition, options: unknown, place: PlaceProbe): FlowDefinition {
  const parsed = parseFlowOptions(options, { owner: `flow '${definition.name}'`, place });
  const name = parsed.name ?? definition.name;
  checkId('flow', name, place);
  const all = { ...definition.options, ...parsed };
  const { parse } = readParams(all.params, { owner: `flow '${name}'`, place });
  return { ...definition, name, options: all, parseParams: all.params === undefined ? (value) => ({ value }) : parse };
}

function makeFlow<I, O>(definition: FlowDefinition, place: PlaceProbe): Flow<I, O> {
  const call = (input?: unknown) => callFlow<O>(definition, input, call);
  const methods: Omit<Flow<I, O>, 'name'> = {
    submit: function submit(...input) {
      return callFlow(definition, input[0], submit);
    },
    with: function withOther(options) {
      const other = placeOfCall(withOther);
      return makeFlow(withOptions(definition, options, other), place);
    },
    serve: async function serveIt(options) {
      if (!isCapturing()) await serve(definition.name, options, { flow: place, call: placeOfCall(serveIt) });
    },
  };
  Object.assign(call, methods);
  Object.defineProperty(call, 'name', { value: definition.name, configurable: true });
  Object.defineProperty(call, DRAWN, { get: () => workflowOf(definition, place) });
  return call as unknown as Flow<I, O>;
}

// biome-ignore lint/complexity/noBannedTypes: any function can be the entry
function callFlow<O>(definition: FlowDefinition, input: unknown, entry: Function): Output<O> {
  const scope = currentScope();
  if (scope?.flow && !currentDrawing()) return asFlowOutput(scope.flow.callFlow(definition, input));
  const place = placeOfCall(entry);
  const { name } = definition;
  const where = currentDrawing()
    ? 'in the body of a DAG'
    : scope
      ? `inside of task '${scope.context.task.id}'`
      : 'outside of a flow';
  throw new MillraceError('outside_dag', `flow '${name}' is called ${where}`, {
    fix: scope
      ? 'Call it in the body of another flow.'
      : `Run it with "millrace run ${name}", or serve it with .serve(), or call it in the body of another flow.`,
    ...placed(place),
  });
}

/** The flow as a workflow: one task, its body, whose calls are recorded while it runs. */
function workflowOf(definition: FlowDefinition, place: PlaceProbe): DrawnWorkflow {
  const { name, options } = definition;
  const params = readParams(options.params, { owner: `flow '${name}'`, place });
  const spec: WorkflowSpec = {
    ...UNSET,
    id: name,
    description: options.description ?? null,
    docs: options.docs ?? null,
    tags: options.tags ?? [],
    owner: options.owner ?? 'millrace',
    params: params.spec,
    tasks: [
      {
        ...BODY,
        id: name,
        retries: options.retries ?? 0,
        retryDelay: options.retryDelay ?? 0,
        timeout: options.timeout ?? null,
      },
    ],
  };
  return {
    spec,
    functions: [],
    parseParams: definition.parseParams,
    flow: { definition },
    taskFunctions: (index) => {
      if (index !== 0) throw new MillraceError('internal', `flow '${name}' has no task with index ${index}`);
      return {
        kind: 'task',
        run: (input, context) => {
          const { runName } = options;
          const called = typeof runName === 'function' ? runName(input) : runName;
          if (called !== undefined) context.log.info(`this run is called '${called}'`);
          return runFlow(definition, input, context);
        },
        retry: (error) => flowRetry(definition, error),
        instanceName: null,
        cache: null,
        skip: () => null,
      };
    },
  };
}

/** Runs the body of a flow: checks its input, and takes its end from the states that it returns. */
export async function runFlow(definition: FlowDefinition, input: unknown, context: Context): Promise<unknown> {
  return endOf(await definition.fn(checkedParams(definition, input), context));
}

/** What to do about an error of the flow's body: one that refused its input is not tried again. */
export function flowRetry({ options }: FlowDefinition, error: unknown): RetryDecision {
  return isInvalidInput(error) ? 'never' : retryDecision(error, options.retry);
}

const invalidInputs = new WeakSet<object>();

/** Whether the flow refused its input, which no further attempt can change. */
function isInvalidInput(error: unknown): boolean {
  return typeof error === 'object' && error !== null && invalidInputs.has(error);
}

function checkedParams({ name, parseParams }: FlowDefinition, input: unknown): unknown {
  if (typeof input !== 'object' || input === null) return input;
  const result = parseParams(input as Readonly<Record<string, unknown>>);
  if ('value' in result) return result.value;
  const issues = result.issues.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; ');
  const error = new MillraceError('invalid_params', `the params of flow '${name}' do not fit: ${issues}`, {
    fix: 'Give values that fit its params schema.',
  });
  invalidInputs.add(error);
  throw error;
}

/** Runs that are active at once: as many as the pool lets run, in practice. */
const MANY_RUNS = 10_000;

const UNSET: Omit<WorkflowSpec, 'id' | 'description' | 'docs' | 'tags' | 'owner' | 'params' | 'tasks'> = {
  format: 1,
  kind: 'flow',
  schedule: { kind: 'none' },
  timezone: 'UTC',
  startDate: null,
  endDate: null,
  catchup: false,
  maxActiveRuns: MANY_RUNS,
  maxActiveTasks: null,
  runTimeout: null,
  deadline: null,
  failFast: false,
  pausedUponCreation: false,
  groups: [],
};

const BODY: Omit<TaskSpec, 'id' | 'retries' | 'retryDelay' | 'timeout'> = {
  group: null,
  kind: 'task',
  setup: false,
  teardown: false,
  onFailureFailRun: false,
  upstream: [],
  downstream: [],
  triggerRule: 'all_success',
  input: { kind: 'params' },
  mapping: null,
  retryBackoff: 0,
  maxRetryDelay: null,
  pool: 'default_pool',
  poolSlots: 1,
  priorityWeight: 1,
  weightRule: 'downstream',
  priority: 1,
  queue: 'default',
  maxActivePerDag: null,
  maxActivePerRun: null,
  isolation: 'shared',
  memory: null,
  dependsOnPast: false,
  waitForDownstream: false,
  ignoreFirstDependsOnPast: true,
  email: [],
  emailOnFailure: false,
  emailOnRetry: false,
  docs: null,
};
