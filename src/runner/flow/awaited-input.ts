/** A promise among the input of a call was rejected. */
export class UpstreamFailure extends Error {
  readonly error: unknown;

  constructor(error: unknown) {
    super('what the call takes failed');
    this.error = error;
  }
}

/**
 * The input with the values of the promises in it, wherever they are in its plain objects and arrays; nothing is copied
 * where there are none. All are awaited, so that a call never begins while another one that it takes is under way.
 * Throws UpstreamFailure with the error of the first that was rejected.
 */
export async function awaitedInput(input: unknown): Promise<unknown> {
  const promises = new Set<PromiseLike<unknown>>();
  collect(input, promises, new Set());
  if (promises.size === 0) return input;
  const values = new Map<PromiseLike<unknown>, unknown>();
  const results = await Promise.allSettled(promises);
  for (const [at, promise] of [...promises].entries()) {
    const result = results[at]!;
    if (result.status === 'rejected') throw new UpstreamFailure(result.reason);
    values.set(promise, result.value);
  }
  return replaced(input, values, new Map());
}

function collect(value: unknown, found: Set<PromiseLike<unknown>>, seen: Set<object>): void {
  if (typeof value !== 'object' || value === null || seen.has(value)) return;
  seen.add(value);
  if (isPromise(value)) found.add(value);
  else if (Array.isArray(value)) for (const item of value) collect(item, found, seen);
  else if (isPlain(value)) for (const member of Object.values(value)) collect(member, found, seen);
}

function replaced(
  value: unknown,
  values: ReadonlyMap<PromiseLike<unknown>, unknown>,
  made: Map<object, unknown>,
): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (isPromise(value)) return values.get(value);
  if (made.has(value)) return made.get(value);
  if (Array.isArray(value)) {
    const list: unknown[] = [];
    made.set(value, list);
    for (const item of value) list.push(replaced(item, values, made));
    return list;
  }
  if (!isPlain(value)) return value;
  const object: Record<string, unknown> = {};
  made.set(value, object);
  for (const [key, member] of Object.entries(value)) object[key] = replaced(member, values, made);
  return object;
}

function isPromise(value: object): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown }).then === 'function';
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
