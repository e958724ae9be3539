import type { Answer, Question } from '../executor/executor.ts';
import { MillraceError } from '../model/errors.ts';
import type { ResolvedExpression, StoredValue } from '../model/expression.ts';
import { elementsOfMappable } from '../model/mappable.ts';
import type { ObjectStore } from '../objects/objects.ts';
import { concatSequences, Sequence, zipSequences } from './sequence.ts';
import { decodeElement, decodeStored, type LoadedObjects, loadObjects } from './stored-values.ts';

export interface InputSources {
  /** The workflow's functions, in the order in which its body made them. */
  readonly functions: readonly ((value: unknown) => unknown)[];
  readonly objects: ObjectStore;
  ask(question: Question): Promise<Answer>;
}

/** Values of a mapped task that are fetched with one question. */
const PAGE = 1000;

type Collected = Extract<ResolvedExpression, { kind: 'collected' }>;

/** What has to be fetched before the expression can be evaluated without waiting. */
interface Fetched {
  readonly objects: LoadedObjects;
  readonly pages: ReadonlyMap<Collected, readonly StoredValue[]>;
}

/**
 * The input of a body: the resolved expression with its values decoded and the user's functions applied. Outputs of a
 * mapped task are fetched before, still encoded, and decoded one by one when the body looks at them.
 */
export async function resolveInput(expression: ResolvedExpression | null, sources: InputSources): Promise<unknown> {
  if (expression === null || expression.kind === 'absent') return undefined;
  return evaluate(expression, await fetchAll(expression, sources), sources);
}

const NOTHING: Fetched = { objects: new Map(), pages: new Map() };

async function fetchAll(expression: ResolvedExpression, sources: InputSources): Promise<Fetched> {
  const hashes = new Set<string>();
  const unfetched: Collected[] = [];
  const note = (value: StoredValue) => {
    if (value.kind === 'object') hashes.add(value.hash);
  };
  visit(expression, (part) => {
    if (part.kind === 'value' || part.kind === 'element_of') note(part.value);
    if (part.kind !== 'collected') return;
    if (part.values === null) unfetched.push(part);
    else part.values.forEach(note);
  });
  if (hashes.size === 0 && unfetched.length === 0) return NOTHING;
  const pages = new Map<Collected, readonly StoredValue[]>();
  for (const part of unfetched) {
    const values = await fetchPages(part, sources);
    values.forEach(note);
    pages.set(part, values);
  }
  return { objects: await loadObjects(hashes, sources.objects), pages };
}

async function fetchPages({ task, length }: Collected, { ask }: InputSources): Promise<StoredValue[]> {
  const values: StoredValue[] = [];
  while (values.length < length) {
    const offset = values.length;
    const answer = await ask({ kind: 'collected', task, offset, limit: Math.min(PAGE, length - offset) });
    if ('error' in answer) throw new MillraceError('internal', answer.error);
    if (!('values' in answer) || answer.values.length === 0) {
      throw new MillraceError('internal', `outputs ${offset} to ${length} of the mapped task could not be read`, {
        fix: 'Clear the mapped task, so that its outputs are made again.',
      });
    }
    for (const value of answer.values) values.push(value);
  }
  return values;
}

function visit(expression: ResolvedExpression, see: (part: ResolvedExpression) => void): void {
  see(expression);
  switch (expression.kind) {
    case 'pick':
    case 'apply':
    case 'map':
      visit(expression.of, see);
      break;
    case 'object':
      for (const [, entry] of expression.entries) visit(entry, see);
      break;
    case 'array':
      for (const item of expression.items) visit(item, see);
      break;
    case 'zip':
      for (const part of expression.of) visit(part, see);
      if (expression.fill) visit(expression.fill, see);
      break;
    case 'concat':
    case 'merge':
      for (const part of expression.of) visit(part, see);
      break;
  }
}

async function evaluate(expression: ResolvedExpression, fetched: Fetched, sources: InputSources): Promise<unknown> {
  const each = (parts: readonly ResolvedExpression[]) => inOrder(parts, (part) => evaluate(part, fetched, sources));
  switch (expression.kind) {
    case 'absent':
      return undefined;
    case 'value':
      return decodeStored(expression.value, fetched.objects);
    case 'element_of':
      return decodeElement(expression.value, expression.index, fetched.objects);
    case 'collected': {
      const values = expression.values ?? fetched.pages.get(expression) ?? [];
      return new Sequence({
        length: values.length,
        at: (index) => decodeStored(values[index] as StoredValue, fetched.objects),
      });
    }
    case 'pick': {
      const whole = await evaluate(expression.of, fetched, sources);
      if (whole instanceof Sequence && /^\d+$/.test(expression.key)) return whole.at(Number(expression.key));
      return whole === undefined || whole === null ? undefined : (whole as Record<string, unknown>)[expression.key];
    }
    case 'object': {
      const values = await each(expression.entries.map(([, entry]) => entry));
      return Object.fromEntries(expression.entries.map(([name], index) => [name, values[index]]));
    }
    case 'array':
      return each(expression.items);
    case 'apply':
      return functionAt(sources, expression.fn)(await evaluate(expression.of, fetched, sources));
    case 'map':
      return mapped(asSequence(await evaluate(expression.of, fetched, sources)), functionAt(sources, expression.fn));
    case 'zip': {
      const parts = await each(expression.of);
      const fill = expression.fill ? { value: await evaluate(expression.fill, fetched, sources) } : null;
      return zipSequences(parts.map(asSequence), fill);
    }
    case 'concat':
      return concatSequences((await each(expression.of)).map(asSequence));
    case 'merge':
      return Object.assign({}, ...(await each(expression.of)).map(namedArguments));
  }
}

async function inOrder<T, U>(items: readonly T[], fn: (item: T) => Promise<U>): Promise<U[]> {
  const results: U[] = [];
  for (const item of items) results.push(await fn(item));
  return results;
}

/** Lazily where the function answers at once; one that gives promises is awaited for every element, in order. */
async function mapped(sequence: Sequence<unknown>, fn: (value: unknown) => unknown): Promise<Sequence<unknown>> {
  if (sequence.length === 0) return sequence;
  const first = fn(sequence.at(0));
  if (!isThenable(first)) return sequence.map((element, index) => (index === 0 ? first : fn(element)));
  const results = [await first];
  for (let index = 1; index < sequence.length; index++) results.push(await fn(sequence.at(index)));
  return Sequence.of(results);
}

/** What is laid over other named arguments has to be named, too. */
function namedArguments(value: unknown): object {
  if (typeof value === 'object' && value !== null && !(Symbol.iterator in value)) return value;
  const what = value === null ? 'null' : typeof value === 'object' ? 'a list' : `a ${typeof value}`;
  throw new MillraceError('unmappable_output', `an element that a task is mapped over is ${what}`, {
    fix: 'Map over objects of named arguments: { name: value }; or over plain values, without arguments fixed by .partial().',
  });
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function';
}

/** What can be gone through element by element, as a sequence. An output that does not exist has no elements. */
function asSequence(value: unknown): Sequence<unknown> {
  if (value === undefined || value === null) return Sequence.of([]);
  return value instanceof Sequence ? value : Sequence.of(elementsOfMappable(value));
}

function functionAt({ functions }: InputSources, index: number): (value: unknown) => unknown {
  const fn = functions[index];
  if (fn) return fn;
  throw new MillraceError('runtime_varying', `function ${index} of the workflow is missing in its bundle`, {
    fix: 'Let the body of the DAG draw the same tasks, in the same order, every time the file is read.',
  });
}
