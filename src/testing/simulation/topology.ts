import type { Expression, Mapping } from '../../model/expression.ts';
import type { TaskSpec, WorkflowSpec } from '../../model/spec.ts';
import type { TaskState } from '../../model/states.ts';
import { emptyTally, type Tally } from './rules.ts';

/** As much of an instance as the recount needs; database rows and what events say of instances both have it. */
export interface Placed {
  readonly task: number;
  readonly index: number;
  readonly state: TaskState;
}

/** Who has to be counted by whom, worked out from the spec and not by the engine's code. */
export class Topology {
  readonly spec: WorkflowSpec;
  readonly #below: readonly ReadonlySet<number>[];
  readonly #scopes: readonly ReadonlySet<number>[];
  readonly #decisive: ReadonlySet<number>;
  static readonly #known = new WeakMap<WorkflowSpec, Topology>();

  private constructor(spec: WorkflowSpec) {
    this.spec = spec;
    this.#below = spec.tasks.map((_, task) => this.#closure(task));
    this.#scopes = spec.tasks.map((_, task) => this.#inScope(task));
    this.#decisive = this.#deciding();
  }

  static of(spec: WorkflowSpec): Topology {
    let topology = Topology.#known.get(spec);
    if (!topology) {
      topology = new Topology(spec);
      Topology.#known.set(spec, topology);
    }
    return topology;
  }

  task(index: number): TaskSpec {
    return this.spec.tasks[index]!;
  }

  below(task: number): ReadonlySet<number> {
    return this.#below[task]!;
  }

  /** Whether the end of a task's instances decides how the run ends. */
  isDecisive(task: number): boolean {
    return this.#decisive.has(task);
  }

  /** The mapped group that a task lies in, or null. */
  mappedGroup(task: number): number | null {
    for (let group = this.task(task).group; group !== null; group = this.spec.groups[group]!.parent) {
      if (this.spec.groups[group]!.mapping) return group;
    }
    return null;
  }

  mapping(task: number): Mapping | null {
    const group = this.mappedGroup(task);
    return this.task(task).mapping ?? (group === null ? null : this.spec.groups[group]!.mapping);
  }

  sameMappedGroup(a: number, b: number): boolean {
    const group = this.mappedGroup(a);
    return group !== null && group === this.mappedGroup(b);
  }

  /** Counts what is upstream of an instance, from the instances of its run. */
  tally(instances: ReadonlyMap<number, readonly Placed[]>, task: number, index: number): Tally {
    const tally = emptyTally();
    const { upstream, teardown } = this.task(task);
    for (const from of upstream) {
      const isSetup = teardown && this.task(from).setup;
      for (const { state } of this.#relevant(instances, from, task, index)) {
        tally.total += 1;
        if (isSetup) tally.setups += 1;
        if (state === 'success') tally.success += 1;
        if (state === 'failed') tally.failed += 1;
        if (state === 'skipped') tally.skipped += 1;
        if (state === 'upstream_failed') tally.upstreamFailed += 1;
        if (isSetup && state === 'success') tally.setupSuccess += 1;
        if (isSetup && state === 'skipped') tally.setupSkipped += 1;
      }
    }
    for (const from of this.#scopes[task]!) {
      for (const { state } of this.#relevant(instances, from, task, index)) {
        tally.scopeTotal += 1;
        if (state === 'success') tally.scopeSuccess += 1;
        if (state === 'failed' || state === 'upstream_failed') tally.scopeFailed += 1;
        if (state === 'skipped') tally.scopeSkipped += 1;
      }
    }
    return tally;
  }

  #relevant(
    instances: ReadonlyMap<number, readonly Placed[]>,
    from: number,
    task: number,
    index: number,
  ): readonly Placed[] {
    const all = instances.get(from) ?? [];
    if (!this.sameMappedGroup(from, task)) return all;
    const own = all.filter((row) => row.index === index);
    if (own.length > 0) return own;
    return index < 0 ? all : all.filter((row) => row.index === -1);
  }

  #closure(task: number): Set<number> {
    const found = new Set<number>();
    const visit = (from: number) => {
      for (const next of this.task(from).downstream) {
        if (found.has(next)) continue;
        found.add(next);
        visit(next);
      }
    };
    visit(task);
    return found;
  }

  /** Tasks not directly upstream that a task's decision looks at, because of setups and teardowns. */
  #inScope(task: number): Set<number> {
    const found = new Set<number>();
    const { upstream, teardown } = this.task(task);
    const between = (from: number, to: number) =>
      this.spec.tasks.flatMap((_, middle) =>
        this.#below[from]!.has(middle) && this.#below[middle]!.has(to) ? [middle] : [],
      );
    for (const [setup, { setup: isSetup, downstream }] of this.spec.tasks.entries()) {
      if (!isSetup) continue;
      const teardowns = downstream.filter((next) => this.task(next).teardown);
      if (teardown) {
        if (teardowns.includes(task)) for (const middle of between(setup, task)) found.add(middle);
        continue;
      }
      const inside =
        teardowns.length === 0
          ? this.#below[setup]!.has(task)
          : teardowns.some((next) => between(setup, next).includes(task));
      if (inside) found.add(setup);
    }
    for (const from of upstream) found.delete(from);
    return found;
  }

  /** Leaves, where teardowns that cannot fail a run are thought away; if nothing is left, plain leaves. */
  #deciding(): Set<number> {
    const ignored = ({ teardown, onFailureFailRun }: TaskSpec) => teardown && !onFailureFailRun;
    const leaves = this.spec.tasks.flatMap((task, index) =>
      !ignored(task) && task.downstream.every((next) => ignored(this.task(next))) ? [index] : [],
    );
    if (leaves.length > 0) return new Set(leaves);
    return new Set(this.spec.tasks.flatMap((task, index) => (task.downstream.length === 0 ? [index] : [])));
  }
}

export function byTask<T extends Placed>(rows: Iterable<T>): Map<number, T[]> {
  const groups = new Map<number, T[]>();
  for (const row of rows) {
    const list = groups.get(row.task);
    if (list) list.push(row);
    else groups.set(row.task, [row]);
  }
  return groups;
}

/** Tasks whose outputs give the length of a mapping. */
export function lengthSources(mapping: Mapping): Set<number> {
  const found = new Set<number>();
  const visit = (expression: Expression): void => {
    if (expression.kind === 'output') found.add(expression.task);
    else if (expression.kind === 'map' || expression.kind === 'pick') visit(expression.of);
    else if (expression.kind === 'zip' || expression.kind === 'concat') for (const part of expression.of) visit(part);
    else if (expression.kind === 'array') for (const part of expression.items) visit(part);
    else if (expression.kind === 'object') for (const [, part] of expression.entries) visit(part);
  };
  if (mapping.kind === 'expand') for (const [, part] of mapping.over) visit(part);
  else visit(mapping.over);
  return found;
}
