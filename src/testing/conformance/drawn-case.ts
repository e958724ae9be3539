import { MillraceError } from '../../model/errors.ts';
import type { Expression, Literal, Mapping } from '../../model/expression.ts';
import type { WorkflowSpec } from '../../model/spec.ts';
import { encodeValue } from '../../model/value.ts';
import { parseDagOptions } from '../../sdk/dag-options.ts';
import type { TaskDefinition } from '../../sdk/definition.ts';
import { Drawing, expressionsOf, type Section } from '../../sdk/drawing.ts';
import { type DrawnWorkflow, taskFunctionsOf } from '../../sdk/drawn-workflow.ts';
import { parseTaskOptions } from '../../sdk/parsed-options.ts';
import { groupSpecs, taskSpecs } from '../../sdk/task-spec.ts';
import { listExpression } from '../../sdk/wired-value.ts';
import type { Behaviour, DagCase, ExpandCase, ExpressionCase, GroupCase, TaskCase } from './dag-case.ts';
import { elementFunction, type Observed, taskBody } from './task-body.ts';

const noPlace = () => undefined;

/** Draws a case's DAG with the SDK's own drawing: its edges, groups, options, branches and checks. */
export function drawnCase(dag: DagCase, observed: Observed): DrawnWorkflow {
  return new CaseDrawing(dag, observed).workflow();
}

class CaseDrawing {
  readonly #dag: DagCase;
  readonly #observed: Observed;
  readonly #drawing: Drawing;
  readonly #sections = new Map<string, Section>();
  /** Indexes that the tasks and groups will have: an expression may name one before it is drawn. */
  readonly #taskIndex = new Map<string, number>();
  readonly #groupIndex = new Map<string, number>();

  constructor(dag: DagCase, observed: Observed) {
    this.#dag = dag;
    this.#observed = observed;
    this.#drawing = new Drawing(dag.dag_id ?? 'dag');
    this.#number(null);
  }

  workflow(): DrawnWorkflow {
    const drawing = this.#drawing;
    this.#drawMembers(null);
    this.#drawEdges();
    this.#drawArms();
    const options = parseDagOptions(
      { schedule: null, failFast: this.#dag.fail_fast ?? false },
      { owner: `DAG '${drawing.dagId}'`, place: noPlace },
    );
    const { defaultArgs, params: _, ...rest } = options;
    const tasks = taskSpecs(drawing, defaultArgs);
    const params = { defaults: {}, schema: null };
    const spec: WorkflowSpec = {
      format: 1,
      kind: 'dag',
      id: drawing.dagId,
      ...rest,
      params,
      tasks,
      groups: groupSpecs(drawing),
    };
    return {
      spec,
      functions: drawing.functions,
      parseParams: () => ({ value: {} }) as never,
      taskFunctions: (index) => {
        const task = drawing.tasks[index]!;
        return taskFunctionsOf(task, { index, tasks }, task.definition.options);
      },
    };
  }

  /** Members of a group, or of the DAG, in the order in which they are drawn: a group where its first task stands. */
  #members(group: string | null): (TaskCase | GroupCase)[] {
    const members = new Set<TaskCase | GroupCase>();
    for (const task of this.#dag.tasks) {
      const path = this.#pathOf(task.group ?? null);
      const at = group === null ? 0 : path.findIndex(({ group_id }) => group_id === group) + 1;
      if (group !== null && at === 0) continue;
      members.add(path[at] ?? task);
    }
    return [...members];
  }

  /** The groups around a group and itself, outermost first. */
  #pathOf(id: string | null): GroupCase[] {
    if (id === null) return [];
    const group = this.#dag.groups?.find(({ group_id }) => group_id === id);
    if (!group) throw new MillraceError('internal', `the case has no group '${id}'`);
    return [...this.#pathOf(group.parent), group];
  }

  #number(group: string | null): void {
    for (const member of this.#members(group)) {
      if ('group_id' in member) {
        this.#groupIndex.set(member.group_id, this.#groupIndex.size);
        this.#number(member.group_id);
      } else this.#taskIndex.set(member.task_id, this.#taskIndex.size);
    }
  }

  #drawMembers(group: string | null): void {
    for (const member of this.#members(group)) {
      if ('group_id' in member) this.#drawGroup(member);
      else this.#drawTask(member);
    }
  }

  #drawGroup(group: GroupCase): void {
    const mapping = group.expand ? this.#mapping(group.expand) : null;
    const settings = { name: group.group_id, tooltip: null, mapping, defaults: {}, prefixIds: false };
    const { section } = this.#drawing.section(() =>
      this.#drawing.addGroup(settings, noPlace, () => this.#drawMembers(group.group_id)),
    );
    this.#sections.set(group.group_id, section);
  }

  #drawTask(task: TaskCase): void {
    const behaviour = task.behaviour ?? { kind: 'success' };
    const known = new Set([
      ...this.#dag.tasks.map(({ task_id }) => task_id),
      ...(this.#dag.groups ?? []).map(({ group_id }) => group_id),
    ]);
    const parameters = task.expand?.kind === 'expand_kwargs' ? task.expand.names : [];
    const run = taskBody(task.task_id, behaviour, { parameters, observed: this.#observed });
    const definition: TaskDefinition = {
      kind: behaviour.kind === 'branch' || behaviour.kind === 'short_circuit' ? behaviour.kind : 'task',
      name: task.task_id,
      fn: (input, context) => {
        const answer = run(input, context);
        // In a typed branch a key that does not exist does not compile; here it fails the attempt, as it does there.
        if (behaviour.kind === 'branch') requireKnown(followed(behaviour), known);
        return answer ?? (behaviour.kind === 'branch' ? null : undefined);
      },
      options: parseTaskOptions(
        {
          retries: task.retries ?? 0,
          retryDelay: 0,
          ...(task.map_index_template ? { instanceName: named(task.map_index_template) } : {}),
          ...(task.trigger_rule && !task.teardown ? { triggerRule: task.trigger_rule } : {}),
        },
        { owner: `task '${task.task_id}'`, place: noPlace },
      ),
      origin: Symbol(task.task_id),
      fixed: null,
      skips: behaviour.kind === 'short_circuit' ? (behaviour.ignore_downstream_trigger_rules ? 'all' : 'direct') : null,
    };
    const args = { ...task.args, ...task.partial };
    const input: Expression | null =
      Object.keys(args).length === 0
        ? null
        : { kind: 'object', entries: Object.entries(args).map(([name, part]) => [name, this.#expression(part)]) };
    const mapping = task.expand ? this.#mapping(task.expand) : null;
    const index = this.#drawing.addTask(definition, { input, mapping }, noPlace);
    Object.assign(this.#drawing.tasks[index]!, {
      setup: task.setup ?? false,
      teardown: task.teardown ?? false,
      onFailureFailRun: task.on_failure_fail_dagrun ?? false,
    });
  }

  /** Edges inside of a group come before those that take the group for a whole. */
  #drawEdges(): void {
    const edges = (this.#dag.edges ?? []).map(([from, to]) => ({ from, to, depth: this.#commonDepth(from, to) }));
    const groups = (this.#dag.groups ?? []).map((group) => ({ group, depth: this.#pathOf(group.group_id).length }));
    const deepest = Math.max(0, ...groups.map(({ depth }) => depth));
    for (let level = deepest; level >= 0; level--) {
      for (const { from, to } of edges.filter(({ depth }) => depth === level)) {
        for (const leaf of this.#ends(from, 'leaves')) {
          for (const root of this.#ends(to, 'roots')) this.#drawing.addEdge(leaf, root, noPlace);
        }
      }
      for (const { group } of groups.filter(({ depth }) => depth === level)) this.#drawSources(group);
    }
  }

  /** What a mapped group is expanded over comes before its first tasks. */
  #drawSources({ group_id, expand }: GroupCase): void {
    const section = this.#sections.get(group_id);
    if (!expand || !section) return;
    const expressions = expressionsOf({ input: null, mapping: this.#mapping(expand) });
    const sources = expressions.flatMap((expression) => [...this.#drawing.sources(expression)]);
    for (const root of this.#drawing.roots(section)) {
      for (const source of sources) this.#drawing.addEdge(source, root, noPlace);
    }
  }

  #commonDepth(from: string, to: string): number {
    const [a, b] = [from, to].map((id) => this.#around(id));
    let depth = 0;
    while (a![depth] !== undefined && a![depth] === b![depth]) depth += 1;
    return depth;
  }

  /** The ids of the groups around a task or a group. */
  #around(id: string): string[] {
    const task = this.#dag.tasks.find(({ task_id }) => task_id === id);
    const path = this.#pathOf(task ? (task.group ?? null) : id).map(({ group_id }) => group_id);
    return task ? path : path.slice(0, -1);
  }

  #ends(id: string, which: 'roots' | 'leaves'): number[] {
    const task = this.#taskIndex.get(id);
    if (task !== undefined) return [task];
    const section = this.#sections.get(id);
    if (!section) return [];
    return which === 'roots' ? this.#drawing.roots(section) : this.#drawing.leaves(section);
  }

  /** A branch offers each task that is directly behind it, and whatever the case lets it follow. */
  #drawArms(): void {
    for (const task of this.#dag.tasks) {
      if (task.behaviour?.kind !== 'branch') continue;
      const index = this.#taskIndex.get(task.task_id)!;
      const { arms } = this.#drawing.tasks[index]!;
      for (const [id, below] of this.#taskIndex) {
        if (this.#drawing.upstreamOf(below).has(index)) arms.set(id, [below]);
      }
      for (const id of followed(task.behaviour)) arms.set(id, this.#ends(id, 'roots'));
    }
  }

  #mapping(expand: ExpandCase): Mapping {
    if (expand.kind === 'expand_kwargs') return { kind: 'expand_kwargs', over: this.#list(expand.value) };
    return {
      kind: 'expand',
      over: Object.entries(expand.args).map(([name, part]) => [name, this.#list(part)]),
    };
  }

  /** An expression that is mapped over. */
  #list(part: ExpressionCase): Expression {
    if (!('literal' in part)) return this.#expression(part);
    return listExpression(part.literal, { drawing: this.#drawing, what: 'a list', place: noPlace, at: null });
  }

  #expression(part: ExpressionCase): Expression {
    if ('literal' in part) return literal(part.literal);
    if ('output' in part) return { kind: 'output', task: this.#taskIndex.get(part.output)! };
    if ('group_arg' in part) {
      const dot = part.group_arg.lastIndexOf('.');
      const group = this.#groupIndex.get(part.group_arg.slice(0, dot))!;
      return { kind: 'pick', of: { kind: 'element', group }, key: part.group_arg.slice(dot + 1) };
    }
    if ('map' in part) {
      const fn = this.#drawing.addFunction(elementFunction(part.map.fn));
      return { kind: 'map', of: this.#list(part.map.of), fn };
    }
    if ('zip' in part) {
      const fill = 'fillvalue' in part ? literal(part.fillvalue) : null;
      return { kind: 'zip', of: part.zip.map((one) => this.#list(one)), fill };
    }
    return { kind: 'concat', of: part.concat.map((one) => this.#list(one)) };
  }
}

function literal(value: unknown): Literal {
  return { kind: 'literal', value: encodeValue(value) };
}

function followed({ follow }: Extract<Behaviour, { kind: 'branch' }>): readonly string[] {
  if (follow === null) return [];
  return typeof follow === 'string' ? [follow] : follow;
}

function requireKnown(ids: readonly string[], known: ReadonlySet<string>): void {
  const unknown = ids.find((id) => !known.has(id));
  if (unknown !== undefined) throw new Error(`there is no '${unknown}' to follow`);
}

/** What a template that asks for arguments makes of an instance's input. */
function named(template: string) {
  return (input: unknown) =>
    template.replace(/\{\{\s*task\.op_kwargs\['(\w+)'\]\s*\}\}/g, (_, argument: string) =>
      String((input as Readonly<Record<string, unknown>>)[argument]),
    );
}
