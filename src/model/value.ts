import { DevalueError, parse, stringify } from 'devalue';
import { codecNamed } from './codec.ts';
import { errorFrom } from './error-value.ts';
import { MillraceError } from './errors.ts';
import { DEEPEST, type KeptInstance, RefusedValue, startWalk } from './value-walk.ts';

/**
 * Encodes a value as text that keeps types: undefined, −0, NaN, infinities, bigint, Date, Map, Set, RegExp, URL, typed
 * arrays, ArrayBuffer, Buffer, Temporal, errors (of any class, as an Error with the same name, message, stack, cause
 * and own fields), sparse arrays, shared references and cycles; and classes with a codec (codec.ts). A typed array that
 * shows part of a buffer is kept without the rest of it; named fields of an array or a RegExp's position are not kept.
 * @throws MillraceError `unserialisable_output` with the path of what cannot be kept: functions, symbols, promises,
 * streams, weak collections, instances of other classes, and values nested more than 500 deep.
 */
export function encodeValue(value: unknown): string {
  if (isSimple(value)) return `[${JSON.stringify(value)}]`;
  const { reducers, operations, isOpen } = startWalk();
  try {
    return stringify(value, reducers, { operations });
  } catch (error) {
    throw refused(error, isOpen);
  }
}

/** Values whose form is JSON's: most outputs of most tasks. */
function isSimple(value: unknown): value is string | number | boolean | null {
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0);
  return typeof value === 'string' || typeof value === 'boolean' || value === null;
}

/**
 * Decodes what encodeValue gave.
 * @throws MillraceError `unserialisable_output` for a text that encodeValue did not write, or whose codec is unknown.
 */
export function decodeValue(text: string): unknown {
  const errors = new WeakMap<object, Error>();
  const revivers = {
    Error: (fields: Record<string, unknown>) => errorFrom(fields, errors),
    Buffer: (bytes: Uint8Array<ArrayBuffer>) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    Codec: (kept: KeptInstance) => codecNamed(kept.codec).decode(kept.data),
  };
  try {
    return parse(text, revivers, { operations: { fromStringValue } });
  } catch (cause) {
    if (MillraceError.is(cause)) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new MillraceError('unserialisable_output', `a stored value cannot be read back: ${why}`, {
      fix: 'Run the task that gave the value again.',
      cause,
    });
  }
}

const TEMPORAL = Symbol.for('millrace.temporal');

interface Platform {
  readonly Temporal?: object;
  [TEMPORAL]?: () => object;
}

/** Says where Temporal's classes come from when the platform has none; called when such a value is read. */
export function provideTemporal(load: () => object): void {
  (globalThis as Platform)[TEMPORAL] = load;
}

function fromStringValue(tag: string, text: string): unknown {
  if (tag === 'URL') return new URL(text);
  if (tag === 'URLSearchParams') return new URLSearchParams(text);
  const platform = globalThis as Platform;
  const classes = platform.Temporal ?? platform[TEMPORAL]?.() ?? {};
  const type = (classes as Record<string, { from(text: string): unknown }>)[tag.slice('Temporal.'.length)];
  if (type) return type.from(text);
  throw new MillraceError('unserialisable_output', `a stored value is a ${tag}, which this process does not have`, {
    fix: 'Use a Node.js that has Temporal, or call provideTemporal with a polyfill.',
  });
}

function refused(error: unknown, isOpen: (value: unknown) => boolean): unknown {
  const refuse = (what: string, fix: string, cause?: unknown) =>
    new MillraceError('unserialisable_output', `the value cannot be kept: ${what}`, { fix, cause });
  if (error instanceof DevalueError) {
    const [what, fix] = isOpen(error.value) ? CYCLE : describe(error.value);
    return refuse(`${error.path === '' ? 'it' : error.path} is ${what}`, fix);
  }
  if (error instanceof RefusedValue && error.refusal.kind === 'codec_threw') {
    const { codec, cause } = error.refusal;
    return refuse(`the codec '${codec.name}' threw`, 'Correct the encode function of the codec.', cause);
  }
  if (error instanceof RefusedValue || (error instanceof RangeError && /call stack/.test(error.message))) {
    return refuse(`it is nested more than ${DEEPEST} deep`, 'Return it as a flat list, such as its nodes and edges.');
  }
  if (error instanceof RangeError) {
    return refuse(
      'it is too large for one value',
      'Write it to a file or an object store and return where it is.',
      error,
    );
  }
  // A getter of the user's that throws.
  return refuse('reading one of its properties threw', 'Return plain data.', error);
}

type Explanation = readonly [what: string, fix: string];

const CYCLE: Explanation = [
  'an instance whose codec gives data that leads back to it',
  'Let the codec give data without the reference back, and restore it in decode.',
];

function describe(value: unknown): Explanation {
  if (typeof value === 'function') return ['a function', 'Return what the function gives, not the function.'];
  if (typeof value === 'symbol') return ['a symbol', 'Return a text instead.'];
  const object = value as Record<string | symbol, unknown>;
  if (typeof object.then === 'function') return ['a promise', 'Await it before returning it.'];
  if (Symbol.asyncIterator in object || typeof object.getReader === 'function') {
    return ['a stream', 'Collect it into an array, or write it to a file or an object store and return where it is.'];
  }
  if (typeof object.next === 'function') return ['an iterator', 'Collect it into an array.'];
  if (Object.getOwnPropertySymbols(object).length > 0 && isPlain(object)) {
    return ['an object with a symbol as a key', 'Use texts as keys, or a Map.'];
  }
  if (Object.hasOwn(object, '__proto__')) return ["an object with the key '__proto__'", 'Use another key, or a Map.'];
  const name = (Object.getPrototypeOf(object) as { constructor?: { name?: string } } | null)?.constructor?.name;
  return [
    `an instance of ${name ? `the class ${name}` : 'a class'}`,
    'Return plain data, or register a codec for the class with registerCodec.',
  ];
}

function isPlain(object: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(object);
  return prototype === null || prototype === Object.prototype;
}
