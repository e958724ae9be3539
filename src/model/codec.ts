import { MillraceError } from './errors.ts';

/** How instances of a class are kept in outputs. */
export interface Codec<Instance = unknown, Data = unknown> {
  /** Stands in the stored value, so it must not change as long as values are kept. */
  readonly name: string;
  /** Exactly this class: instances of a class that extends it need a codec of their own. */
  readonly type: abstract new (
    ...args: never[]
  ) => Instance;
  /** What to keep of an instance: anything that can be kept itself, but nothing that leads back to the instance. */
  readonly encode: (instance: Instance) => Data;
  readonly decode: (data: Data) => Instance;
}

/** One registry for all copies of this package in a process: a bundled pipeline may bring its own. */
interface Registry {
  readonly byName: Map<string, Codec>;
  readonly byPrototype: WeakMap<object, Codec>;
}

const KEY = Symbol.for('millrace.codecs');

function registry(): Registry {
  const holder = globalThis as { [KEY]?: Registry };
  holder[KEY] ??= { byName: new Map(), byPrototype: new WeakMap() };
  return holder[KEY];
}

/**
 * Lets instances of a class be kept in outputs. Register it at the top of a file that every pipeline using the class
 * imports. When two codecs have one name, as after an edit, what is stored is read by the latest.
 */
export function registerCodec<Instance, Data>(codec: Codec<Instance, Data>): void {
  if (typeof codec.name !== 'string' || codec.name === '' || typeof codec.type !== 'function') {
    throw new MillraceError('invalid_option', 'a codec needs a name and a class', {
      fix: "Call registerCodec({ name: 'money', type: Money, encode: (money) => …, decode: (data) => … }).",
    });
  }
  const known = codec as unknown as Codec;
  registry().byName.set(codec.name, known);
  registry().byPrototype.set(codec.type.prototype as object, known);
}

/** The codec of a value's class, if it has one. */
export function codecOf(value: object): Codec | undefined {
  const { byName, byPrototype } = registry();
  if (byName.size === 0) return undefined;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null ? undefined : byPrototype.get(prototype as object);
}

/** The codec with which a stored value was written. */
export function codecNamed(name: string): Codec {
  const codec = registry().byName.get(name);
  if (codec) return codec;
  throw new MillraceError(
    'unserialisable_output',
    `the value was kept with the codec '${name}', which is not registered here`,
    {
      fix: `Import the file that calls registerCodec({ name: '${name}', … }) in the pipeline that reads the value.`,
    },
  );
}
