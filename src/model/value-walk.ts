import { type Codec, codecOf } from './codec.ts';
import { errorFields, isError } from './error-value.ts';

/** Deeper values are refused: reading them back could exhaust the stack. */
export const DEEPEST = 500;

/** What stands for an instance of a class with a codec. */
export interface KeptInstance {
  readonly codec: string;
  readonly data: unknown;
  /** Always undefined; the walk comes here when it has been through the data. */
  readonly end: undefined;
}

/** Why a value cannot be kept, where devalue alone would not tell. */
export type Refusal =
  | { readonly kind: 'too_deep' }
  | { readonly kind: 'codec_threw'; readonly codec: Codec; readonly cause: unknown };

export class RefusedValue extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.kind);
    this.refusal = refusal;
  }
}

type Prototypes = Readonly<Record<string, object | undefined>>;

const TYPED_ARRAYS = Object.getOwnPropertyNames(globalThis).filter((name) =>
  /^\w+(8|16|32|64|Clamped)Array$/.test(name),
);

/** What values of these kinds inherit from. Anything else is a class of the user's, which would get lost. */
const PROTOTYPES: Prototypes = Object.fromEntries(
  ['Array', 'ArrayBuffer', 'BigInt', 'Boolean', 'DataView', 'Date', 'Map', 'Number', 'RegExp', 'Set', 'String', 'URL']
    .concat('URLSearchParams', TYPED_ARRAYS)
    .map((name) => [name, (globalThis as unknown as Record<string, { prototype: object }>)[name]?.prototype]),
);

/**
 * One encoding: how devalue is to look at values. It reports depth and cycles through codecs by keeping book of what
 * it is asked, because devalue calls `get` for each element before it goes into it.
 */
export function startWalk() {
  const depths = new Map<unknown, number>();
  const unfinished = new Map<KeptInstance, object>();
  const open = new Set<object>();
  let lastContainer: unknown;
  let lastDepth = 0;

  const enter = (container: unknown, element: unknown) => {
    if (typeof element !== 'object' || element === null) return;
    if (container !== lastContainer) {
      lastContainer = container;
      lastDepth = depths.get(container) ?? 0;
    }
    if (lastDepth >= DEEPEST) throw new RefusedValue({ kind: 'too_deep' });
    if (!depths.has(element)) depths.set(element, lastDepth + 1);
  };
  const entered = <Element>(container: unknown, element: Element): Element => {
    enter(container, element);
    return element;
  };

  const reducers = {
    Buffer: (value: unknown) => (isObject(value) && Buffer.isBuffer(value) ? new Uint8Array(value) : undefined),
    Error: (value: unknown) =>
      isObject(value) && isError(value) && !codecOf(value) ? entered(value, errorFields(value)) : undefined,
    Codec: (value: unknown) => {
      // An instance that is met again inside its own data falls through, and is refused as an unknown class.
      const codec = isObject(value) && !open.has(value) ? codecOf(value) : undefined;
      if (!codec) return undefined;
      const kept: KeptInstance = { codec: codec.name, data: encodeWith(codec, value as object), end: undefined };
      open.add(value as object);
      unfinished.set(kept, value as object);
      return entered(value, kept);
    },
  };

  const operations = {
    // A new identity keeps devalue from drawing a reference to an instance that is still being encoded.
    identify: (value: unknown) => (open.size > 0 && open.has(value as object) ? Symbol('again') : value),
    tagOf,
    viewInfo,
    get(container: object, key: string | number): unknown {
      if (key === 'end' && unfinished.has(container as KeptInstance)) {
        open.delete(unfinished.get(container as KeptInstance)!);
        unfinished.delete(container as KeptInstance);
      }
      return entered(container, (container as Record<string | number, unknown>)[key]);
    },
    *valuesOf(set: Set<unknown>) {
      for (const value of set) yield entered(set, value);
    },
    *entriesOf(map: Map<unknown, unknown>) {
      for (const entry of map) {
        enter(map, entry[0]);
        enter(map, entry[1]);
        yield entry;
      }
    },
  };
  return { reducers, operations, isOpen: (value: unknown) => open.has(value as object) };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function encodeWith(codec: Codec, instance: object): unknown {
  try {
    return codec.encode(instance);
  } catch (cause) {
    throw new RefusedValue({ kind: 'codec_threw', codec, cause });
  }
}

/** The kind of a value. One of a class that extends a built-in is an 'Object', which devalue refuses. */
function tagOf(value: object): string {
  const tag = Object.prototype.toString.call(value).slice(8, -1);
  const wanted = PROTOTYPES[tag];
  if (wanted === undefined) return tag;
  const prototype = Object.getPrototypeOf(value) as { constructor?: { name?: string } } | null;
  // A built-in of another realm has the same name and another prototype.
  return prototype === wanted || prototype?.constructor?.name === tag ? tag : 'Object';
}

/** A view on part of a buffer is copied: what the rest holds was not meant to be kept. */
function viewInfo(view: NodeJS.TypedArray | DataView) {
  const whole = view.byteLength === view.buffer.byteLength;
  const bytes = view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength);
  return {
    buffer: whole ? view.buffer : bytes,
    byteOffset: 0,
    byteLength: view.byteLength,
    length: view instanceof DataView ? view.byteLength : view.length,
    bufferByteLength: view.byteLength,
  };
}
