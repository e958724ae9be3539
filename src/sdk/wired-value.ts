import type { MillraceError } from '../model/errors.ts';
import type { Expression, Literal } from '../model/expression.ts';
import { encodeValue } from '../model/value.ts';
import { definitionOf } from './definition.ts';
import type { Drawing } from './drawing.ts';
import type { List } from './output.ts';
import type { PlaceProbe } from './place.ts';
import { invalidWiring, type Wiring, wiringOf } from './wiring.ts';

/** Who takes a value, for messages and for checks of what may be wired to it. */
export interface Taker {
  readonly drawing: Drawing;
  readonly what: string;
  readonly place: PlaceProbe;
  /** The group in which the taker is drawn, or null. */
  readonly at: number | null;
}

/** A value with wires in it as an expression. Throws `invalid_wiring`. */
export function expressionOf(value: unknown, taker: Taker): Expression {
  const wiring = wiringOf(value);
  if (wiring) return wiredExpression(wiring, taker);
  if (!hasWire(value, new Set())) return literalOf(value, taker);
  if (Array.isArray(value)) return { kind: 'array', items: value.map((item) => expressionOf(item, taker)) };
  return {
    kind: 'object',
    entries: Object.entries(value as object).flatMap(([key, member]) =>
      member === undefined ? [] : [[key, expressionOf(member, taker)] as const],
    ),
  };
}

/** A list, or a wire that will carry one, as an expression to map over. Throws `invalid_wiring`. */
export function listExpression(value: unknown, taker: Taker): Expression {
  const wiring = wiringOf(value);
  if (wiring) return wiredExpression(wiring, taker);
  if (typeof value !== 'object' || value === null) throw unmappable(taker);
  if (Array.isArray(value) && hasWire(value, new Set())) return expressionOf(value, taker);
  const elements =
    Symbol.iterator in value ? [...(value as List<unknown>)] : isPlain(value) ? Object.entries(value) : undefined;
  if (!elements) throw unmappable(taker);
  const literal = literalOf(elements, taker);
  return { ...literal, elements: elements.map((element) => literalOf(element, taker).value) };
}

function unmappable({ what, place }: Taker): MillraceError {
  return invalidWiring(
    `${what} is mapped over, but it is no list`,
    'Give a list, an object, or the output of a task that returns one.',
    place,
  );
}

function wiredExpression(wiring: Wiring, { drawing, what, place, at }: Taker): Expression {
  if (wiring.drawing !== drawing) {
    throw invalidWiring(
      `${what} takes an output of another DAG, or of an earlier drawing of this one`,
      'Keep outputs inside the body in which they are made: a DAG is drawn more than once.',
      place,
    );
  }
  if (wiring.mappedGroup !== null && wiring.mappedGroup !== drawing.mappedGroupOf(at)) {
    const group = drawing.groups[wiring.mappedGroup]?.id;
    throw invalidWiring(
      `${what} takes an output from inside of mapped group '${group}'`,
      'Return it from the body of eachGroup(), and take what eachGroup() gives: the list over all instances.',
      place,
    );
  }
  return wiring.expression;
}

export function literalOf(value: unknown, { what, place }: Pick<Taker, 'what' | 'place'>): Literal {
  const definition = definitionOf(value);
  if (definition) {
    throw invalidWiring(
      `${what} takes task '${definition.name}' itself, not its output`,
      `Call it: ${definition.name}().`,
      place,
    );
  }
  try {
    return { kind: 'literal', value: encodeValue(value) };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw invalidWiring(
      `${what} takes a value that cannot be stored: ${why}`,
      'Wire plain data; make everything else inside of the task.',
      place,
      cause,
    );
  }
}

function hasWire(value: unknown, seen: Set<object>): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (wiringOf(value)) return true;
  if (seen.has(value)) return false;
  seen.add(value);
  if (Array.isArray(value)) return value.some((item) => hasWire(item, seen));
  return isPlain(value) && Object.values(value).some((member) => hasWire(member, seen));
}

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
