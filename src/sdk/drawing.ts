import { MillraceError } from '../model/errors.ts';
import type { Expression, Mapping } from '../model/expression.ts';
import type { TaskDefinition } from './definition.ts';
import { checkFullId, placed } from './id.ts';
import type { ParsedDefaults } from './parsed-options.ts';
import type { PlaceProbe } from './place.ts';

export interface DrawnTask {
  readonly id: string;
  readonly definition: TaskDefinition;
  readonly group: number | null;
  readonly input: Expression | null;
  readonly mapping: Mapping | null;
  readonly upstream: Set<number>;
  readonly place: PlaceProbe;
  setup: boolean;
  teardown: boolean;
  onFailureFailRun: boolean;
  /** Branches only: the tasks that each key leads to, and those of otherwise(). */
  readonly arms: Map<string, readonly number[]>;
  otherwise: readonly number[] | null;
}

export interface DrawnGroup {
  readonly id: string;
  readonly parent: number | null;
  readonly tooltip: string | null;
  readonly mapping: Mapping | null;
  readonly defaults: Partial<ParsedDefaults>;
  /** Whether the ids of what is in it begin with its own. */
  readonly prefixIds: boolean;
}

/** A stretch of tasks that were drawn one after the other, `end` excluded. */
export interface Section {
  readonly start: number;
  readonly end: number;
}

/** What a DAG's body has drawn so far. Tasks, groups and functions are named by their order. */
export class Drawing {
  readonly dagId: string;
  readonly tasks: DrawnTask[] = [];
  readonly groups: DrawnGroup[] = [];
  readonly functions: ((value: unknown) => unknown)[] = [];
  /** Where edges without data were written, by `from>to`. */
  readonly edgePlaces = new Map<string, PlaceProbe>();
  #group: number | null = null;
  readonly #taken = new Map<string, { readonly origin: symbol | null; readonly place: PlaceProbe }>();

  constructor(dagId: string) {
    this.dagId = dagId;
  }

  /** The group that is being drawn, or null. */
  get group(): number | null {
    return this.#group;
  }

  /** The mapped group that a group is or lies in, or null. */
  mappedGroupOf(group: number | null): number | null {
    for (let at = group; at !== null; at = this.groups[at]?.parent ?? null) {
      if (this.groups[at]?.mapping) return at;
    }
    return null;
  }

  /** Adds a task to the group that is being drawn and gives its index. */
  addTask(
    definition: TaskDefinition,
    wiring: { input: Expression | null; mapping: Mapping | null },
    place: PlaceProbe,
  ): number {
    const id = this.#fullId(definition.name);
    checkFullId('task', id, place);
    this.#take(id, { origin: definition.origin, place });
    const upstream = new Set<number>();
    for (const expression of expressionsOf(wiring)) this.sources(expression, upstream);
    return (
      this.tasks.push({
        id,
        definition,
        group: this.#group,
        ...wiring,
        upstream,
        place,
        setup: false,
        teardown: false,
        onFailureFailRun: false,
        arms: new Map(),
        otherwise: null,
      }) - 1
    );
  }

  /** Draws `body` inside a new group. */
  addGroup<T>(
    group: Omit<DrawnGroup, 'id' | 'parent'> & { name: string },
    place: PlaceProbe,
    body: (index: number) => T,
  ): T {
    const { name, ...rest } = group;
    const id = this.#fullId(name);
    checkFullId('group', id, place);
    this.#take(id, { origin: null, place });
    const parent = this.#group;
    const index = this.groups.push({ ...rest, id, parent }) - 1;
    this.#group = index;
    try {
      return body(index);
    } finally {
      this.#group = parent;
    }
  }

  /** Lets `to` wait for `from`. */
  addEdge(from: number, to: number, place: PlaceProbe): void {
    this.tasks[to]?.upstream.add(from);
    const key = `${from}>${to}`;
    if (!this.edgePlaces.has(key)) this.edgePlaces.set(key, place);
  }

  addFunction(fn: (value: never) => unknown): number {
    return this.functions.push(fn as (value: unknown) => unknown) - 1;
  }

  /** Draws `body` and tells which tasks it drew. */
  section<T>(body: () => T): { readonly value: T; readonly section: Section } {
    const start = this.tasks.length;
    const value = body();
    return { value, section: { start, end: this.tasks.length } };
  }

  /** Tasks of the section that wait for none of it. */
  roots(section: Section): number[] {
    return inside(section).filter((index) => ![...this.upstreamOf(index)].some((from) => isInside(section, from)));
  }

  /**
   * Tasks of the section that nothing in it waits for. As in Airflow, teardowns stand beside the work: they are no
   * leaves, and do not stop the work before them from being one.
   */
  leaves(section: Section): number[] {
    const next = this.downstreamIn(section);
    return inside(section).filter((index) => {
      const task = this.tasks[index];
      const behind = next.get(index) ?? [];
      if (!task || task.teardown || behind.some((to) => !this.tasks[to]?.teardown)) return false;
      return !(task.setup && behind.length > 0);
    });
  }

  /** Tasks of the section that nothing in it waits for, teardowns too. */
  ends(section: Section): number[] {
    const next = this.downstreamIn(section);
    return inside(section).filter((index) => !next.has(index));
  }

  /** What each task of the section has directly downstream in it. */
  downstreamIn(section: Section): Map<number, number[]> {
    const next = new Map<number, number[]>();
    for (const to of inside(section)) {
      for (const from of this.upstreamOf(to)) {
        if (isInside(section, from)) next.set(from, (next.get(from) ?? []).concat(to));
      }
    }
    return next;
  }

  upstreamOf(index: number): ReadonlySet<number> {
    return this.tasks[index]?.upstream ?? new Set();
  }

  /** Adds the tasks that an expression takes values from. An element of a mapped group comes from the group's list. */
  sources(expression: Expression, into: Set<number> = new Set()): Set<number> {
    if (expression.kind === 'output') into.add(expression.task);
    else if (expression.kind === 'element') {
      const mapping = this.groups[expression.group]?.mapping ?? null;
      for (const source of expressionsOf({ input: null, mapping })) this.sources(source, into);
    } else for (const part of partsOf(expression)) this.sources(part, into);
    return into;
  }

  #fullId(name: string): string {
    const group = this.#group === null ? undefined : this.groups[this.#group];
    if (!group) return name;
    return group.prefixIds ? `${group.id}.${name}` : name;
  }

  #take(id: string, owner: { readonly origin: symbol | null; readonly place: PlaceProbe }): void {
    const before = this.#taken.get(id);
    if (!before) {
      this.#taken.set(id, owner);
      return;
    }
    const where = before.place();
    const first = where ? ` (first at ${where.file}:${where.line})` : '';
    if (owner.origin !== null && owner.origin === before.origin) {
      throw new MillraceError('task_called_twice', `task '${id}' is called twice in DAG '${this.dagId}'${first}`, {
        fix: `Give the second call a name of its own: .with({ name: '${id.slice(id.lastIndexOf('.') + 1)}_2' })(…), or map over a list with .expand() or .over().`,
        ...placed(owner.place),
      });
    }
    const what = owner.origin === null ? 'group' : 'task';
    const code = owner.origin === null || before.origin === null ? 'duplicate_group' : 'duplicate_task';
    const other = before.origin === null ? 'a group' : what === 'task' ? 'another task' : 'a task';
    throw new MillraceError(code, `${what} '${id}' has the name of ${other} in DAG '${this.dagId}'${first}`, {
      fix: 'Rename one of them: tasks and groups share one set of names.',
      ...placed(owner.place),
    });
  }
}

/** The expressions of a task's input and mapping. */
export function expressionsOf(wiring: {
  readonly input: Expression | null;
  readonly mapping: Mapping | null;
}): Expression[] {
  const { input, mapping } = wiring;
  const over =
    mapping === null
      ? []
      : mapping.kind === 'expand'
        ? mapping.over.map(([, expression]) => expression)
        : [mapping.over];
  return input === null ? over : [input, ...over];
}

/** The expressions that an expression is directly made of. */
export function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'pick':
    case 'map':
      return [expression.of];
    case 'zip':
    case 'concat':
      return expression.of;
    case 'object':
      return expression.entries.map(([, part]) => part);
    case 'array':
      return expression.items;
    default:
      return [];
  }
}

function inside({ start, end }: Section): number[] {
  return Array.from({ length: end - start }, (_, i) => start + i);
}

function isInside({ start, end }: Section, index: number): boolean {
  return index >= start && index < end;
}

let current: Drawing | null = null;

/** The drawing of the DAG whose body runs right now, or null. */
export function currentDrawing(): Drawing | null {
  return current;
}

/** The drawing of the DAG whose body runs; throws `outside_dag` where none does. */
export function drawingFor(what: string, place: PlaceProbe): Drawing {
  if (current) return current;
  throw new MillraceError('outside_dag', `${what} is called outside of the body of a DAG`, {
    fix: 'Call it in the body of dag(…).',
    ...placed(place),
  });
}

/** Runs a DAG's body with `drawing` as the current one. */
export function draw<T>(drawing: Drawing, body: () => T): T {
  const before = current;
  current = drawing;
  try {
    return body();
  } finally {
    current = before;
  }
}
