import { MillraceError } from '../model/errors.ts';
import type { Expression, Mapping, ResolvedExpression, StoredValue } from '../model/expression.ts';
import { elementsOfMappable } from '../model/mappable.ts';
import { decodeValue, encodeValue } from '../model/value.ts';
import type { InstanceKey, OutputRow } from '../store/rows.ts';
import type { Tx } from '../store/store.ts';
import type { WorkflowGraph } from './graph.ts';
import { keyText } from './ids.ts';

/** Elements of a mapped task's outputs that are read together, when each instance takes one of them. */
const PAGE = 100;

const NOTHING: ReadonlyMap<string, OutputRow> = new Map();

/** The stored values that one run's expressions refer to. Each is read once a transaction. */
export class RunValues {
  readonly #tx: Tx;
  readonly #run: number;
  readonly #graph: WorkflowGraph;
  readonly #params: Readonly<Record<string, string>>;
  readonly #written: ReadonlyMap<string, OutputRow>;
  readonly #outputs = new Map<string, Promise<OutputRow | null>>();
  readonly #measures = new Map<number, Promise<{ readonly count: number; readonly bytes: number }>>();
  readonly #pages = new Map<string, Promise<readonly StoredValue[]>>();

  /** @param written outputs that this transaction has written itself, by instance. */
  constructor(
    tx: Tx,
    run: number,
    graph: WorkflowGraph,
    params: Readonly<Record<string, string>>,
    written: ReadonlyMap<string, OutputRow> = NOTHING,
  ) {
    this.#tx = tx;
    this.#written = written;
    this.#run = run;
    this.#graph = graph;
    this.#params = params;
  }

  get graph(): WorkflowGraph {
    return this.#graph;
  }

  param(name: string): string | undefined {
    return this.#params[name];
  }

  params(): (readonly [string, string])[] {
    return Object.entries(this.#params);
  }

  output(task: number, index: number): Promise<OutputRow | null> {
    const key: InstanceKey = { run: this.#run, task, index };
    const name = keyText(key);
    const written = this.#written.get(name);
    return once(this.#outputs, name, async () => written ?? (await this.#tx.outputs.get([key]))[0] ?? null);
  }

  measure(task: number): Promise<{ readonly count: number; readonly bytes: number }> {
    return once(this.#measures, task, () => this.#tx.outputs.measure(this.#run, task));
  }

  collected(task: number, page: { readonly offset: number; readonly limit: number }): Promise<readonly StoredValue[]> {
    const { offset, limit } = page;
    return once(this.#pages, `${task} ${offset} ${limit}`, () => this.#tx.outputs.collected(this.#run, task, page));
  }

  /** One of the outputs of a mapped task, by its place among those there are. */
  async element(task: number, place: number): Promise<StoredValue | null> {
    const offset = place - (place % PAGE);
    return (await this.collected(task, { offset, limit: PAGE }))[place - offset] ?? null;
  }
}

/** How many instances a mapping makes. The outputs that it reads must exist. */
export async function mappingLength(mapping: Mapping, values: RunValues): Promise<number> {
  if (mapping.kind !== 'expand') return expressionLength(mapping.over, values);
  let product = 1;
  for (const [, part] of mapping.over) product *= await expressionLength(part, values);
  return product;
}

async function expressionLength(expression: Expression, values: RunValues): Promise<number> {
  switch (expression.kind) {
    case 'literal':
      return expression.elements?.length ?? elementsOfMappable(decodeValue(expression.value)).length;
    case 'param':
      return paramElements(expression.name, values).length;
    case 'output': {
      if (values.graph.isMapped(expression.task)) return (await values.measure(expression.task)).count;
      const row = await values.output(expression.task, -1);
      return row?.length ?? 0;
    }
    case 'map':
      return expressionLength(expression.of, values);
    case 'zip': {
      const lengths = await each(expression.of, (part) => expressionLength(part, values));
      return expression.fill ? Math.max(...lengths) : Math.min(...lengths);
    }
    case 'concat': {
      const lengths = await each(expression.of, (part) => expressionLength(part, values));
      return lengths.reduce((sum, length) => sum + length, 0);
    }
    case 'array':
      return expression.items.length;
    case 'object':
      return expression.entries.length;
    case 'pick':
    case 'params':
    case 'element':
      throw unmappable(`a field of an output (${expression.kind})`);
  }
}

/** The input that a mapping gives to one of its instances, before partial() is laid under it. */
export async function mappedInput(mapping: Mapping, index: number, values: RunValues): Promise<ResolvedExpression> {
  if (mapping.kind === 'over') return elementAt(mapping.over, index, values);
  // As a merge of one: it must be an object of named arguments, too.
  if (mapping.kind === 'expand_kwargs') return { kind: 'merge', of: [await elementAt(mapping.over, index, values)] };
  const lengths = await each(mapping.over, ([, part]) => expressionLength(part, values));
  const entries: (readonly [string, ResolvedExpression])[] = [];
  let rest = index;
  // The last argument varies fastest, as in Airflow.
  for (let position = mapping.over.length - 1; position >= 0; position--) {
    const [name, part] = mapping.over[position]!;
    entries.unshift([name, await elementAt(part, rest % lengths[position]!, values)]);
    rest = Math.floor(rest / lengths[position]!);
  }
  return { kind: 'object', entries };
}

async function elementAt(expression: Expression, index: number, values: RunValues): Promise<ResolvedExpression> {
  switch (expression.kind) {
    case 'literal':
      return inline(
        expression.elements?.[index] ?? encodeValue(elementsOfMappable(decodeValue(expression.value))[index]),
      );
    case 'param':
      return inline(encodeValue(paramElements(expression.name, values)[index]));
    case 'output': {
      if (values.graph.isMapped(expression.task)) {
        const value = await values.element(expression.task, index);
        return value ? { kind: 'value', value } : { kind: 'absent' };
      }
      const row = await values.output(expression.task, -1);
      if (!row) return { kind: 'absent' };
      if (row.value.kind === 'list') return inline(row.value.elements[index]!);
      return { kind: 'element_of', value: row.value, index };
    }
    case 'map':
      return { kind: 'apply', fn: expression.fn, of: await elementAt(expression.of, index, values) };
    case 'zip': {
      const items = await each(expression.of, async (part) => {
        if (index < (await expressionLength(part, values))) return elementAt(part, index, values);
        return inline(expression.fill!.value);
      });
      return { kind: 'array', items };
    }
    case 'concat': {
      let rest = index;
      for (const part of expression.of) {
        const length = await expressionLength(part, values);
        if (rest < length) return elementAt(part, rest, values);
        rest -= length;
      }
      return { kind: 'absent' };
    }
    case 'array':
      return resolveExpression(expression.items[index]!, { index: -1, task: null }, values);
    case 'object': {
      const [key, part] = expression.entries[index]!;
      const value = await resolveExpression(part, { index: -1, task: null }, values);
      return { kind: 'array', items: [inline(encodeValue(key)), value] };
    }
    case 'pick':
    case 'params':
    case 'element':
      throw unmappable(`a field of an output (${expression.kind})`);
  }
}

/** Collected outputs travel with the attempt up to this size; beyond, the worker fetches them in pages. */
const INLINE_BYTES = 256 * 1024;

/** Puts what is stored in place of what an expression refers to, for one instance. Nothing is decoded. */
export async function resolveExpression(
  expression: Expression,
  instance: { readonly task: number | null; readonly index: number },
  values: RunValues,
): Promise<ResolvedExpression> {
  const resolve = (part: Expression) => resolveExpression(part, instance, values);
  switch (expression.kind) {
    case 'literal':
      return inline(expression.value);
    case 'param': {
      const text = values.param(expression.name);
      return text === undefined ? { kind: 'absent' } : inline(text);
    }
    case 'params':
      return { kind: 'object', entries: values.params().map(([name, text]) => [name, inline(text)] as const) };
    case 'output':
      return outputOf(expression.task, instance, values);
    case 'element':
      return mappedInput(values.graph.spec.groups[expression.group]!.mapping!, instance.index, values);
    case 'pick':
      return { kind: 'pick', key: expression.key, of: await resolve(expression.of) };
    case 'map':
      return { kind: 'map', fn: expression.fn, of: await resolve(expression.of) };
    case 'array':
      return { kind: 'array', items: await each(expression.items, resolve) };
    case 'object':
      return {
        kind: 'object',
        entries: await each(expression.entries, async ([name, part]) => [name, await resolve(part)] as const),
      };
    case 'zip':
      return {
        kind: 'zip',
        of: await each(expression.of, resolve),
        fill: expression.fill && inline(expression.fill.value),
      };
    case 'concat':
      return { kind: 'concat', of: await each(expression.of, resolve) };
  }
}

async function outputOf(
  task: number,
  instance: { readonly task: number | null; readonly index: number },
  values: RunValues,
): Promise<ResolvedExpression> {
  const { graph } = values;
  const sameGroup =
    instance.task !== null &&
    graph.mappedGroup[task] !== null &&
    graph.mappedGroup[task] === graph.mappedGroup[instance.task];
  if (!graph.isMapped(task) || sameGroup) {
    const row = await values.output(task, sameGroup ? instance.index : -1);
    return row ? { kind: 'value', value: row.value } : { kind: 'absent' };
  }
  const { count, bytes } = await values.measure(task);
  const small = bytes <= INLINE_BYTES && count <= 10_000;
  return {
    kind: 'collected',
    task,
    length: count,
    values: small ? await values.collected(task, { offset: 0, limit: count }) : null,
  };
}

function paramElements(name: string, values: RunValues): readonly unknown[] {
  const text = values.param(name);
  return text === undefined ? [] : elementsOfMappable(decodeValue(text));
}

function inline(data: string): ResolvedExpression {
  return { kind: 'value', value: { kind: 'inline', data } };
}

function once<K, V>(known: Map<K, Promise<V>>, key: K, read: () => Promise<V>): Promise<V> {
  let value = known.get(key);
  if (!value) {
    value = read();
    known.set(key, value);
  }
  return value;
}

async function each<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}

function unmappable(what: string): MillraceError {
  return new MillraceError('unmappable_output', `cannot map over ${what}: its length is not known before it runs`, {
    fix: 'Return the list itself from a task of its own, and map over that output.',
  });
}
