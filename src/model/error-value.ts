const NATIVE = { Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError } as const;

/** Fields that an Error has by itself do not show among its own enumerable fields. */
const HIDDEN: ReadonlySet<string> = new Set(['name', 'message', 'stack', 'cause', 'errors']);

/** True for errors of every realm. */
export function isError(value: object): value is Error {
  return value instanceof Error || Object.prototype.toString.call(value) === '[object Error]';
}

/** What to keep of an error: its name, message, stack, cause and own fields. The name comes first. */
export function errorFields(error: Error): Record<string, unknown> {
  const fields: Record<string, unknown> = { name: error.name, message: error.message };
  for (const key of Object.getOwnPropertyNames(error)) fields[key] = error[key as keyof Error];
  return fields;
}

/**
 * The error that the fields were taken from, of the class that its name tells. An error that leads back to itself is
 * asked for while its fields are still being read, so that the same fields must give the same error each time.
 */
export function errorFrom(fields: Readonly<Record<string, unknown>>, made: WeakMap<object, Error>): Error {
  const error = made.get(fields) ?? emptyError(fields.name);
  made.set(fields, error);
  if (!('stack' in fields)) delete error.stack;
  for (const [key, value] of Object.entries(fields)) {
    if (error[key as keyof Error] === value && (key === 'name' || key === 'message')) continue;
    Object.defineProperty(error, key, { value, enumerable: !HIDDEN.has(key), configurable: true, writable: true });
  }
  return error;
}

function emptyError(name: unknown): Error {
  if (name === 'AggregateError') return new AggregateError([]);
  return new (NATIVE[name as keyof typeof NATIVE] ?? Error)();
}
