import { drawCall } from './call.ts';
import type { Context } from './context.ts';
import type { TaskDefinition } from './definition.ts';
import { type Drawing, drawingFor, type Section } from './drawing.ts';
import { asOutput } from './drawn-output.ts';
import type { TaskOptions } from './options.ts';
import { addDependencies } from './order.ts';
import type { Args, Output, Step, TaskTriggerRule } from './output.ts';
import { type PlaceProbe, placeOfCall } from './place.ts';
import { defineTask, makeTask, type Task, withOptions } from './task.ts';
import { invalidWiring, wiringOf } from './wiring.ts';

/** Where a branch may lead: a body for each of its keys. */
export interface Branch<K extends string> {
  /** What runs when the branch chooses `key`; otherwise it is skipped, and its output is not there. */
  when<T>(key: K, body: () => Output<T>): Output<T | undefined>;
  /** What runs when the branch chooses nothing that has a body of its own. */
  otherwise<T>(body: () => Output<T>): Output<T | undefined>;
  /** Lets the branch itself wait for others. */
  after(...others: readonly Step[]): this;
}

/** A task that chooses what runs next. */
export interface BranchTask<I, K extends string, R extends TaskTriggerRule = 'all_success'> {
  (...input: Args<I, R>): Branch<K>;
  readonly name: string;
  with<R2 extends TaskTriggerRule = R>(options: TaskOptions<I, R2>): BranchTask<I, K, R2>;
}

/**
 * Makes a task that chooses among the bodies given to its `when`: it returns a key, a list of keys, or null for none.
 * The bodies that it does not choose are skipped, except what is also downstream of a chosen one (Airflow's branch).
 *
 * @throws MillraceError as task().
 */
export function branch<I = void, K extends string = string, R extends TaskTriggerRule = 'all_success'>(
  name: string,
  fn: (input: I, context: Context) => Promise<K | readonly K[] | null> | K | readonly K[] | null,
  options?: TaskOptions<I, R>,
): BranchTask<I, K, R> {
  const place = placeOfCall(branch);
  return makeBranch(defineTask({ kind: 'branch', name, fn: fn as TaskDefinition['fn'], options, skips: null }, place));
}

/**
 * Makes a task whose answer decides whether what is downstream runs: false, or anything falsy, skips it; with scope
 * 'all', the default, all of it whatever its trigger rules, with 'direct' only what is directly downstream. Teardowns
 * are never skipped (Airflow's short circuit).
 *
 * @throws MillraceError as task().
 */
export function shortCircuit<I = void, R extends TaskTriggerRule = 'all_success'>(
  name: string,
  fn: (input: I, context: Context) => Promise<boolean> | boolean,
  options?: TaskOptions<I, R> & { readonly scope?: 'all' | 'direct' },
): Task<I, boolean, R> {
  const place = placeOfCall(shortCircuit);
  const { scope = 'all', ...others } = options ?? {};
  if (scope !== 'all' && scope !== 'direct') {
    throw invalidWiring(
      `short circuit '${name}' has scope ${JSON.stringify(scope)}`,
      "The scopes are 'all' and 'direct'.",
      place,
    );
  }
  const written = {
    kind: 'short_circuit',
    name,
    fn: fn as TaskDefinition['fn'],
    options: others,
    skips: scope,
  } as const;
  return makeTask(defineTask(written, place));
}

function makeBranch<I, K extends string, R extends TaskTriggerRule>(definition: TaskDefinition): BranchTask<I, K, R> {
  const call = (input?: unknown) => {
    const place = placeOfCall(call);
    const drawing = drawingFor(`branch '${definition.name}'`, place);
    const { index, output } = drawCall(drawing, definition, { kind: 'one', input }, place);
    return new DrawnBranch(drawing, index, asOutput(output));
  };
  Object.defineProperty(call, 'name', { value: definition.name });
  const withOther = (options: unknown) => makeBranch(withOptions(definition, options, placeOfCall(withOther)));
  return Object.assign(call, { with: withOther }) as unknown as BranchTask<I, K, R>;
}

class DrawnBranch {
  readonly #drawing: Drawing;
  readonly #index: number;
  readonly #output: Output<unknown>;

  constructor(drawing: Drawing, index: number, output: Output<unknown>) {
    this.#drawing = drawing;
    this.#index = index;
    this.#output = output;
  }

  when<T>(key: string, body: () => Output<T>): Output<T | undefined> {
    const place = placeOfCall(this.when);
    const { arms } = this.#task;
    if (arms.has(key))
      throw invalidWiring(`branch '${this.#task.id}' has two bodies for '${key}'`, 'Draw both in one body.', place);
    const { output, roots } = this.#arm(body, `when('${key}')`, place);
    arms.set(key, roots);
    return output;
  }

  otherwise<T>(body: () => Output<T>): Output<T | undefined> {
    const place = placeOfCall(this.otherwise);
    if (this.#task.otherwise)
      throw invalidWiring(`branch '${this.#task.id}' has two bodies for otherwise()`, 'Draw both in one body.', place);
    const { output, roots } = this.#arm(body, 'otherwise()', place);
    this.#task.otherwise = roots;
    return output;
  }

  after(...others: Step[]): this {
    addDependencies(this.#drawing, { before: others, after: [this.#output] }, placeOfCall(this.after));
    return this;
  }

  get #task() {
    return this.#drawing.tasks[this.#index]!;
  }

  #arm<T>(
    body: () => Output<T>,
    what: string,
    place: PlaceProbe,
  ): { output: Output<T | undefined>; roots: readonly number[] } {
    const { value, section } = this.#drawing.section(body);
    const roots = this.#rootsOf(value, section);
    if (roots.length === 0) {
      throw invalidWiring(
        `${what} of branch '${this.#task.id}' draws no task`,
        'Call a task in its body, or leave it out.',
        place,
      );
    }
    for (const root of roots) this.#drawing.addEdge(this.#index, root, place);
    return { output: value, roots };
  }

  /** A body that draws nothing may return what was drawn before: then that is where the branch leads. */
  #rootsOf(value: unknown, section: Section): readonly number[] {
    if (section.start < section.end) return this.#drawing.roots(section);
    const wiring = wiringOf(value);
    return wiring ? [...this.#drawing.sources(wiring.expression)] : [];
  }
}
