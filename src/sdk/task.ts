import { callTask, drawMapped } from './call.ts';
import type { Context } from './context.ts';
import { attachDefinition, type TaskDefinition } from './definition.ts';
import { asOutput } from './drawn-output.ts';
import { checkId } from './id.ts';
import { mapCalls } from './map-call.ts';
import type { TaskOptions } from './options.ts';
import type { Args, List, Many, ManyOfEach, MapArguments, Output, Sequence, TaskTriggerRule, Wire } from './output.ts';
import { parseTaskOptions } from './parsed-options.ts';
import { type PlaceProbe, placeOfCall } from './place.ts';
import { invalidWiring } from './wiring.ts';

/**
 * A typed async function with a name and options: I is its input, O what it returns, R its trigger rule. Calling it
 * in the body of a DAG draws it; the wire that it gives carries what it will return. Calling it in a flow runs it.
 */
export interface Task<I, O, R extends TaskTriggerRule = 'all_success'> {
  (...input: Args<I, R>): Output<O>;
  /** The task's name: its id in a DAG, behind the names of its groups. */
  readonly name: string;
  /**
   * One instance for each combination of the named arguments' elements, the last argument varying fastest. With an
   * empty list nothing runs, and the task is skipped. Gives what the instances returned, in order; those that were
   * skipped, failed or gave nothing have no element.
   */
  expand(over: ManyOfEach<I>): Output<Sequence<Exclude<O, undefined>>>;
  /** One instance for each object of named arguments. */
  expandKwargs(list: List<I> | readonly Wire<I>[] | Output<List<I>>): Output<Sequence<Exclude<O, undefined>>>;
  /** One instance for each element, which is the whole input. */
  over(list: Many<I>): Output<Sequence<Exclude<O, undefined>>>;
  /** The same as calling it. */
  submit(...input: Args<I, R>): Output<O>;
  /** In a flow: one call for each element, all side by side. Gives their outputs, in order; none for an empty list. */
  map(list: List<I> | readonly Wire<I>[]): Output<O>[];
  /** In a flow: one call for each place of the lists, which are equally long; what is no list goes to every call. */
  map(each: MapArguments<I>): Output<O>[];
  /** Fixes some of the named arguments; the rest is given when the task is called or expanded. */
  partial<K extends keyof I & string>(
    fixed: { readonly [P in K]: Wire<I[P], R> },
  ): Task<{ [P in keyof I as P extends K ? never : P]: I[P] }, O, R>;
  /** The same task with other options, laid over its own. */
  with<R2 extends TaskTriggerRule = R>(options: TaskOptions<I, R2>): Task<I, O, R2>;
}

/** Any task, whatever its types. */
// biome-ignore lint/suspicious/noExplicitAny: every task is meant
export type AnyTask = Task<any, any, any>;

/**
 * Makes a task. Its function gets one value (or one object of named arguments) and the context, and may be async; it
 * runs on a worker. What it returns is stored and goes where the DAG wires it.
 *
 * @param name ASCII letters, digits, '-', '.' and '_', 250 characters at most; unique in a DAG.
 * @throws MillraceError `invalid_id`, `invalid_option`, `invalid_duration`, `unknown_trigger_rule`.
 */
export function task<I = void, O = void, R extends TaskTriggerRule = 'all_success'>(
  name: string,
  fn: (input: I, context: Context) => Promise<O> | O,
  options?: TaskOptions<I, R>,
): Task<I, O, R> {
  const place = placeOfCall(task);
  return makeTask<I, O, R>(
    defineTask({ kind: 'task', name, fn: fn as TaskDefinition['fn'], options, skips: null }, place),
  );
}

/** Checks what a task's author wrote. */
export function defineTask(
  written: Pick<TaskDefinition, 'kind' | 'name' | 'fn' | 'skips'> & { readonly options: unknown },
  place: PlaceProbe,
): TaskDefinition {
  const { name, fn, options, ...rest } = written;
  checkId('task', name, place);
  if (typeof fn !== 'function') {
    throw invalidWiring(
      `task '${name}' has no function`,
      "Write task('name', async (input, context) => …, options).",
      place,
    );
  }
  return withOptions({ ...rest, name, fn, options: {}, origin: Symbol(name), fixed: null }, options, place);
}

/** A definition with other options laid over its own. */
export function withOptions(definition: TaskDefinition, options: unknown, place: PlaceProbe): TaskDefinition {
  const parsed = parseTaskOptions(options, { owner: `task '${definition.name}'`, place });
  const name = parsed.name ?? definition.name;
  checkId('task', name, place);
  return { ...definition, name, options: { ...definition.options, ...parsed } };
}

/** The callable of a definition. */
export function makeTask<I, O, R extends TaskTriggerRule>(definition: TaskDefinition): Task<I, O, R> {
  const call = (input?: unknown) => callTask(definition, input, call);
  attachDefinition(call, definition);
  const methods: Omit<Task<I, O, R>, 'name'> = {
    expand: function expand(over) {
      return asOutput(drawMapped(definition, { kind: 'expand', over }, expand));
    },
    expandKwargs: function expandKwargs(over) {
      return asOutput(drawMapped(definition, { kind: 'expand_kwargs', over }, expandKwargs));
    },
    over: function over(list) {
      return asOutput(drawMapped(definition, { kind: 'over', over: list }, over));
    },
    submit: function submit(...input) {
      return callTask(definition, input[0], submit) as Output<O>;
    },
    map: function map(over: unknown) {
      return mapCalls(definition, over, map) as Output<O>[];
    },
    partial: (fixed) => makeTask({ ...definition, fixed: { ...definition.fixed, ...fixed } }),
    with: function withOther(options) {
      return makeTask(withOptions(definition, options, placeOfCall(withOther)));
    },
  };
  return Object.assign(call, methods) as unknown as Task<I, O, R>;
}
