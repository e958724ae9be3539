import { MillraceError } from '../model/errors.ts';
import type { Expression } from '../model/expression.ts';
import type { Drawing, Section } from './drawing.ts';
import { placed } from './id.ts';
import type { PlaceProbe } from './place.ts';

/** What a wire stands for. */
export interface Wiring {
  readonly drawing: Drawing;
  readonly expression: Expression;
  /** The mapped group outside of which the wire has no meaning, or null. */
  readonly mappedGroup: number | null;
  /** The tasks that stand for the wire in chain() and .after(), where they are not its expression's. */
  readonly section: Section | null;
}

const wirings = new WeakMap<object, Wiring>();

/** Makes an object a wire. */
export function wire(object: object, wiring: Wiring): void {
  wirings.set(object, wiring);
}

/** What a wire stands for, or undefined for what is no wire. */
export function wiringOf(value: unknown): Wiring | undefined {
  return typeof value === 'object' && value !== null ? wirings.get(value) : undefined;
}

export function invalidWiring(message: string, fix: string, place: PlaceProbe, cause?: unknown): MillraceError {
  return new MillraceError('invalid_wiring', message, { fix, ...placed(place), cause });
}
