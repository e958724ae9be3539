import { callTask } from './call.ts';
import type { TaskDefinition } from './definition.ts';
import { currentDrawing } from './drawing.ts';
import { callOf } from './flow-output.ts';
import type { PlaceProbe } from './place.ts';
import { placeOfCall } from './place.ts';
import { isUnmapped, unmappedValue } from './unmapped.ts';
import { invalidWiring } from './wiring.ts';

/**
 * One call of a flow for each element of a list, or for each place of several lists of named arguments, which then are
 * equally long; arguments that are no list go to every call (Prefect's map).
 */
// biome-ignore lint/complexity/noBannedTypes: any function can be the entry
export function mapCalls(definition: TaskDefinition, over: unknown, entry: Function): unknown[] {
  const place = placeOfCall(entry);
  if (currentDrawing()) {
    throw invalidWiring(
      `task '${definition.name}' is mapped with .map() in the body of a DAG`,
      'Use .over(list) or .expand({ name: list }) there; .map() is for flows.',
      place,
    );
  }
  return inputsOf(definition, over, place).map((input) => callTask(definition, input, entry));
}

function inputsOf({ name, fixed }: TaskDefinition, over: unknown, place: PlaceProbe): unknown[] {
  if (isList(over)) return [...over];
  if (typeof over !== 'object' || over === null || over instanceof Promise || callOf(over)) {
    throw invalidWiring(
      `task '${name}' is mapped over something that is no list`,
      'Give a list, or an object of named arguments with a list in it; await a promise first.',
      place,
    );
  }
  const named = Object.entries({ ...fixed, ...over }).map(([key, value]) => [key, argumentOf(value)] as const);
  const lists = named.flatMap(([key, { list }]) => (list ? [{ key, list }] : []));
  const [first] = lists;
  if (!first) {
    throw invalidWiring(
      `task '${name}' is mapped over no list`,
      'Give at least one argument as a list: .map({ name: list }).',
      place,
    );
  }
  const other = lists.find(({ list }) => list.length !== first.list.length);
  if (other) {
    throw invalidWiring(
      `task '${name}' is mapped over lists of different lengths: '${first.key}' has ${first.list.length}, '${other.key}' ${other.list.length}`,
      'Give lists of one length, or unmapped(list) for one that goes to every call whole.',
      place,
    );
  }
  return first.list.map((_, at) =>
    Object.fromEntries(named.map(([key, { list, value }]) => [key, list ? list[at] : value])),
  );
}

function argumentOf(value: unknown): { readonly list?: readonly unknown[]; readonly value?: unknown } {
  if (isUnmapped(value)) return { value: unmappedValue(value) };
  return isList(value) ? { list: [...value] } : { value };
}

function isList(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value;
}
