import type { MillraceError } from '../model/errors.ts';
import type { Expression } from '../model/expression.ts';
import { addDependencies } from './order.ts';
import type { Output, Step } from './output.ts';
import { type PlaceProbe, placeOfCall } from './place.ts';
import { listExpression, literalOf } from './wired-value.ts';
import { invalidWiring, type Wiring, wire, wiringOf } from './wiring.ts';

/** The output of a call in a DAG's body: a stand-in without a value. */
export class DrawnOutput {
  readonly #wiring: Wiring;
  readonly [Symbol.toStringTag] = 'Output';

  constructor(wiring: Wiring) {
    this.#wiring = wiring;
    wire(this, wiring);
  }

  map(fn: (element: never) => unknown): DrawnOutput {
    const place = placeOfCall(this.map);
    if (typeof fn !== 'function')
      throw invalidWiring('.map() got no function', 'Give it a function of one element.', place);
    return this.#derived((of) => ({ kind: 'map', of, fn: this.#wiring.drawing.addFunction(fn) }));
  }

  zip(...others: unknown[]): DrawnOutput {
    const place = placeOfCall(this.zip);
    const last = others.at(-1);
    const fill = isFill(last) ? literalOf(last.fill, { what: 'the fill of .zip()', place }) : null;
    return this.#joined(fill ? others.slice(0, -1) : others, { name: '.zip()', place }, (of) => ({
      kind: 'zip',
      of,
      fill,
    }));
  }

  concat(...others: unknown[]): DrawnOutput {
    return this.#joined(others, { name: '.concat()', place: placeOfCall(this.concat) }, (of) => ({
      kind: 'concat',
      of,
    }));
  }

  pick(key: string | number): DrawnOutput {
    return this.#derived((of) => ({ kind: 'pick', of, key: String(key) }));
  }

  after(...others: Step[]): this {
    addDependencies(
      this.#wiring.drawing,
      { before: others, after: [this as unknown as Output<unknown>] },
      placeOfCall(this.after),
    );
    return this;
  }

  // biome-ignore lint/suspicious/noThenProperty: awaiting a wire must say why that cannot work
  then(): never {
    throw noValue('awaited', placeOfCall(this.then));
  }

  catch(): never {
    throw noValue('awaited', placeOfCall(this.catch));
  }

  finally(): never {
    throw noValue('awaited', placeOfCall(this.finally));
  }

  [Symbol.toPrimitive](): never {
    throw noValue('turned into a text or a number', placeOfCall(this[Symbol.toPrimitive]));
  }

  toString(): never {
    throw noValue('turned into a text', placeOfCall(this.toString));
  }

  toJSON(): never {
    throw noValue('turned into JSON', placeOfCall(this.toJSON));
  }

  #derived(make: (of: Expression) => Expression): DrawnOutput {
    return new DrawnOutput({ ...this.#wiring, section: null, expression: make(this.#wiring.expression) });
  }

  #joined(
    others: readonly unknown[],
    call: { readonly name: string; readonly place: PlaceProbe },
    make: (of: readonly Expression[]) => Expression,
  ): DrawnOutput {
    const { drawing, mappedGroup } = this.#wiring;
    const what = `the list of ${call.name}`;
    const lists = others.map((other) => listExpression(other, { drawing, what, place: call.place, at: drawing.group }));
    const groups = others.map((other) => wiringOf(other)?.mappedGroup ?? null);
    return new DrawnOutput({
      drawing,
      expression: make([this.#wiring.expression, ...lists]),
      mappedGroup: [mappedGroup, ...groups].find((group) => group !== null) ?? null,
      section: null,
    });
  }
}

function isFill(value: unknown): value is { readonly fill: unknown } {
  if (typeof value !== 'object' || value === null || wiringOf(value)) return false;
  return !(Symbol.iterator in value) && Object.hasOwn(value, 'fill');
}

/** Gives a new wire its type. */
export function asOutput<T>(wire: DrawnOutput): Output<T> {
  return wire as unknown as Output<T>;
}

function noValue(how: string, place: PlaceProbe): MillraceError {
  return invalidWiring(
    `an output is ${how} while the DAG is drawn, when it has no value yet`,
    'Hand it to another task, or use .map() and .pick() on it; in a flow it is a promise.',
    place,
  );
}
