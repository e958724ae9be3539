import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { registerCodec } from './codec.ts';
import { MillraceError } from './errors.ts';
import { decodeValue, encodeValue, provideTemporal } from './value.ts';

function trip<Value>(value: Value): Value {
  return decodeValue(encodeValue(value)) as Value;
}

function refusal(value: unknown): MillraceError {
  try {
    encodeValue(value);
  } catch (error) {
    if (error instanceof MillraceError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

const key = fc.string({ maxLength: 6 }).filter((text) => text !== '__proto__');
const bytes = fc.uint8Array({ maxLength: 12 });

const leaf = fc.oneof(
  fc.constantFrom<unknown>(undefined, null, true, false, -0, 0, Number.NaN, Infinity, -Infinity, Number.MAX_VALUE),
  fc.double(),
  fc.string({ unit: 'binary' }),
  fc.bigInt(),
  fc.date(),
  fc.webUrl().map((url) => new URL(url)),
  fc.constantFrom(/a+/gi, /^\/"<x>$/u, /(?<year>\d{4})/dy).map((regexp) => new RegExp(regexp.source, regexp.flags)),
  fc.oneof(
    fc.int8Array(),
    fc.uint8ClampedArray(),
    fc.int16Array(),
    fc.uint32Array(),
    fc.float32Array(),
    fc.float64Array(),
  ),
  fc.oneof(fc.bigInt64Array(), fc.bigUint64Array()),
  bytes.map((array) => array.buffer.slice(0)),
  bytes.map((array) => new DataView(array.buffer.slice(0))),
  bytes.map((array) => Buffer.from(array)),
  fc.oneof(fc.double(), fc.string(), fc.boolean(), fc.bigInt()).map(Object),
);

const { value } = fc.letrec<{ value: unknown; error: Error }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'value' },
    leaf,
    fc.array(tie('value'), { maxLength: 5 }),
    fc.sparseArray(tie('value'), { maxLength: 40, maxNumElements: 3 }),
    fc.dictionary(key, tie('value'), { maxKeys: 5, noNullPrototype: false }),
    fc.array(fc.tuple(tie('value'), tie('value')), { maxLength: 4 }).map((entries) => new Map(entries)),
    fc.array(tie('value'), { maxLength: 4 }).map((elements) => new Set(elements)),
    tie('error'),
  ),
  error: fc
    .record({
      type: fc.constantFrom(Error, TypeError, RangeError, SyntaxError),
      message: fc.string(),
      cause: fc.option(tie('value'), { depthIdentifier: 'value' }),
      fields: fc.dictionary(fc.constantFrom('code', 'status', 'details'), tie('value'), { maxKeys: 2 }),
    })
    .map(({ type, message, cause, fields }) =>
      Object.assign(new type(message, cause === null ? undefined : { cause }), fields),
    ),
}));

describe('encodeValue and decodeValue', () => {
  it('give back every kind of value', () => {
    fc.assert(
      fc.property(value, (given) => {
        const got = trip(given);
        if (!isDeepStrictEqual(got, given)) expect(got).toStrictEqual(given);
        // Deep equality passes over stacks.
        if (given instanceof Error) expect((got as Error).stack).toBe(given.stack);
      }),
      { numRuns: 1000 },
    );
  });

  it('keep references that are shared, and cycles', () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 3 }), (given) => {
        const shared = { given };
        const map = new Map<unknown, unknown>([[shared, given]]);
        const everything: Record<string, unknown> = { shared, map, again: [shared, map] };
        everything.self = everything;
        map.set('everything', everything);
        const got = trip(everything) as typeof everything & { map: Map<unknown, unknown>; again: unknown[] };
        expect(got.self).toBe(got);
        expect(got.again[0]).toBe(got.shared);
        expect(got.again[1]).toBe(got.map);
        expect(got.map.get('everything')).toBe(got);
        expect([...got.map.keys()][0]).toBe(got.shared);
      }),
      { numRuns: 50 },
    );
  });

  it('keep an error that leads back to itself as one error', () => {
    const inner = new TypeError('inner');
    const outer = Object.assign(new Error('outer', { cause: inner }), { all: [] as unknown[] });
    Object.assign(inner, { parent: outer });
    outer.all.push(outer, inner);
    const got = trip(outer);
    expect(got.all[0]).toBe(got);
    expect(got.cause).toBe(got.all[1]);
    expect((got.cause as { parent?: unknown }).parent).toBe(got);
    expect(got.cause).toBeInstanceOf(TypeError);
    const both = trip([inner, outer] as [Error, Error]);
    expect((both[0] as { parent?: unknown }).parent).toBe(both[1]);
    expect(both[1].cause).toBe(both[0]);
  });

  it('keep errors of other classes as errors with the same name and fields', () => {
    class HttpError extends Error {
      override name = 'HttpError';
      readonly status = 503;
    }
    const got = trip(new HttpError('busy'));
    expect(got).toBeInstanceOf(Error);
    expect({ ...got, name: got.name, text: String(got) }).toEqual({
      name: 'HttpError',
      status: 503,
      text: 'HttpError: busy',
    });
    const millrace = trip(new MillraceError('not_found', 'no such run', { fix: 'Look again.' }));
    expect([MillraceError.is(millrace), millrace.code, millrace.fix]).toEqual([true, 'not_found', 'Look again.']);
    const aggregate = trip(new AggregateError([new Error('a'), 1], 'both'));
    expect(aggregate).toBeInstanceOf(AggregateError);
    expect(aggregate.errors).toEqual([new Error('a'), 1]);
    expect(Object.keys(aggregate)).toEqual([]);
    expect(trip(new DOMException('stop', 'AbortError'))).toMatchObject({ name: 'AbortError', message: 'stop' });
  });

  it('keep a Buffer as a Buffer, and no bytes around a view', () => {
    const secret = new TextEncoder().encode('open sesame');
    const text = encodeValue([
      secret.subarray(0, 4),
      new DataView(secret.buffer, 0, 4),
      Buffer.from(secret.buffer, 0, 4),
    ]);
    expect(text).not.toContain(Buffer.from('sesame').toString('base64').slice(0, 6));
    expect(text.length).toBeLessThan(160);
    const [array, view, buffer] = decodeValue(text) as [Uint8Array, DataView, Buffer];
    expect(new TextDecoder().decode(array)).toBe('open');
    expect(view.getUint8(3)).toBe('n'.charCodeAt(0));
    expect([Buffer.isBuffer(buffer), buffer.toString()]).toEqual([true, 'open']);
  });

  it('keep the sharing of a whole buffer by two views', () => {
    const floats = new Float64Array([1, 2]);
    const got = trip({ floats, bytes: new Uint8Array(floats.buffer) });
    expect(got.bytes.buffer).toBe(got.floats.buffer);
  });

  it('keep Temporal, with the classes that are provided where the platform has none', () => {
    const values = [
      Temporal.Instant.from('2026-01-31T06:00:00.123456789Z'),
      Temporal.ZonedDateTime.from('2026-07-01T06:00:00[Europe/Berlin]'),
      Temporal.PlainDate.from('2026-01-31'),
      Temporal.Duration.from('P1DT2H'),
    ];
    const text = encodeValue(values);
    if (!('Temporal' in globalThis)) expect(() => decodeValue(text)).toThrow(/Temporal.Instant, which this process/);
    provideTemporal(() => Temporal);
    expect((decodeValue(text) as object[]).map(String)).toEqual(values.map(String));
  });

  it('take 100,000 rows in their stride', () => {
    const rows = Array.from({ length: 100_000 }, (_, id) => ({
      id,
      name: `row ${id}`,
      at: new Date(id),
      tags: ['a', 'b'],
    }));
    expect(isDeepStrictEqual(trip(rows), rows)).toBe(true);
  });
});

class Money {
  readonly cents: bigint;
  readonly tags: unknown[];
  constructor(cents: bigint, tags: unknown[] = []) {
    this.cents = cents;
    this.tags = tags;
  }
}
class Loop {
  next: Loop = this;
}
class Fragile {}

describe('codecs', () => {
  registerCodec({
    name: 'test.money',
    type: Money,
    encode: (money) => [money.cents, money.tags] as const,
    decode: ([cents, tags]) => new Money(cents, tags),
  });
  registerCodec({ name: 'test.loop', type: Loop, encode: (loop) => ({ next: loop.next }), decode: () => new Loop() });
  registerCodec({
    name: 'test.fragile',
    type: Fragile,
    encode: (): number => {
      throw new Error('not today');
    },
    decode: () => new Fragile(),
  });

  it('keep instances of a class, anywhere and as often as they are shared', () => {
    const list = [1];
    const money = new Money(5n, list);
    const got = trip({ prices: new Map([['a', money]]), same: money, list, nested: new Money(1n, [money]) });
    expect(got.same).toBeInstanceOf(Money);
    expect(got.same).toStrictEqual(money);
    expect(got.prices.get('a')).toBe(got.same);
    expect(got.same.tags).toBe(got.list);
    expect(got.nested.tags[0]).toBe(got.same);
  });

  it('keep data that is nothing', () => {
    class Unit {}
    registerCodec({ name: 'test.unit', type: Unit, encode: () => undefined, decode: () => new Unit() });
    expect(trip(new Unit())).toBeInstanceOf(Unit);
  });

  it('refuse data that leads back to the instance', () => {
    expect(refusal({ at: [new Loop()] }).message).toMatch(
      /^the value cannot be kept: \.at\[0\]\S* is an instance whose codec/,
    );
    const first = new Loop();
    first.next = new Loop();
    first.next.next = first;
    expect(refusal(first).message).toContain('leads back to it');
  });

  it('let an instance lead to others of its class', () => {
    const plain = new Money(1n, [new Money(2n), new Money(3n, [new Money(4n)])]);
    expect(trip([plain, plain])[1]).toStrictEqual(plain);
  });

  it('say which codec threw, and which is missing', () => {
    const thrown = refusal(new Fragile());
    expect(thrown.message).toContain("'test.fragile' threw");
    expect((thrown.cause as Error).message).toBe('not today');
    const text = encodeValue(new Money(1n)).replace('test.money', 'test.other');
    expect(() => decodeValue(text)).toThrow(/'test.other', which is not registered/);
  });

  it('do not stand in for classes that extend theirs', () => {
    class Tip extends Money {}
    expect(refusal(new Tip(1n)).message).toContain('the class Tip');
  });

  it('need a name and a class', () => {
    expect(() => registerCodec({ name: '', type: Money, encode: () => 1, decode: () => new Money(1n) })).toThrow(
      MillraceError,
    );
  });
});

describe('what cannot be kept', () => {
  class Point {
    x = 1;
  }
  class Rows extends Array<number> {}
  async function* stream() {
    yield 1;
  }
  function* generator() {
    yield 1;
  }

  it.each<[unknown, string]>([
    [() => 1, 'it is a function'],
    [{ rows: [0, 1, 2, { callback: () => 1 }] }, '.rows[3].callback is a function'],
    [{ 'a b': [Symbol('s')] }, '["a b"][0] is a symbol'],
    [new Map([['key', { x: Promise.resolve(1) }]]), '.get("key").x is a promise'],
    [[new WeakMap()], '[0] is an instance of the class WeakMap'],
    [{ a: new WeakRef({}) }, '.a is an instance of the class WeakRef'],
    [{ p: new Point() }, '.p is an instance of the class Point'],
    [{ p: new Rows(3) }, '.p is an instance of the class Rows'],
    [{ p: new (class Days extends Date {})(0) }, '.p is an instance of the class Days'],
    [{ p: new (class Index extends Map {})() }, '.p is an instance of the class Index'],
    [{ s: stream() }, '.s is a stream'],
    [{ s: new ReadableStream() }, '.s is a stream'],
    [{ s: generator() }, '.s is an iterator'],
    [{ o: { [Symbol('k')]: 1 } }, '.o is an object with a symbol as a key'],
    [{ o: JSON.parse('{"__proto__": 1}') }, ".o is an object with the key '__proto__'"],
    [{ e: Object.assign(new Error('x'), { retry: () => 1 }) }, '.e.retry is a function'],
    [new Error('x', { cause: { socket: new Point() } }), '.cause.socket is an instance of the class Point'],
  ])('%# is named with its path', (given, message) => {
    const error = refusal(given);
    expect(error.message).toBe(`the value cannot be kept: ${message}`);
    expect(error.code).toBe('unserialisable_output');
    expect(error.fix).toMatch(/\.$/);
  });

  it.each([
    ['arrays', (inner: unknown) => [inner]],
    ['objects', (inner: unknown) => ({ inner })],
    ['maps', (inner: unknown) => new Map([[inner, inner]])],
    ['sets', (inner: unknown) => new Set([inner])],
    ['errors', (inner: unknown) => new Error('x', { cause: inner })],
  ])('%s nested deep are either kept or refused', (_, wrap) => {
    const nest = (depth: number) => {
      let value: unknown = 1;
      for (let level = 0; level < depth; level++) value = wrap(value);
      return value;
    };
    const nested = nest(200);
    expect(encodeValue(trip(nested)) === encodeValue(nested)).toBe(true);
    expect(refusal(nest(600)).message).toContain('more than 500 deep');
    expect(refusal(nest(100_000)).message).toContain('more than 500 deep');
  });

  it('is told apart from a getter that throws', () => {
    const error = refusal({
      get broken() {
        throw new Error('mine');
      },
    });
    expect((error.cause as Error).message).toBe('mine');
  });

  it('is not decoded from a text that was not encoded', () => {
    for (const text of ['', '{', '[]', '[["Nope",1]]', '7', '[[99]]']) {
      expect(() => decodeValue(text)).toThrow(expect.objectContaining({ code: 'unserialisable_output' }));
    }
  });
});
