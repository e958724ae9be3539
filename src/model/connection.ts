import { MillraceError } from './errors.ts';

/**
 * How to reach another system. The fields, the URI form and the `extra` object are those of Airflow's connections,
 * so that URIs written for Airflow work: `type://login:password@host:port/schema?key=value`, every part
 * percent-encoded, `__extra__=` carrying JSON that does not fit into plain parameters.
 */
export interface Connection {
  readonly name: string;
  readonly type: string;
  readonly host?: string;
  readonly port?: number;
  readonly login?: string;
  readonly password?: string;
  readonly schema?: string;
  readonly description?: string;
  readonly extra: Readonly<Record<string, unknown>>;
}

/** Reads a connection from its URI or, when the text starts with `{`, from a JSON object of its fields. */
export function parseConnection(name: string, text: string): Connection {
  return text.trimStart().startsWith('{') ? fromJson(name, text) : fromUri(name, text);
}

/** The URI form of a connection; parseConnection reads it back to an equal one. */
export function connectionUri(connection: Connection): string {
  const { type, login, password, host, port, schema, extra } = connection;
  const auth =
    login === undefined && password === undefined
      ? ''
      : `${encodeURIComponent(login ?? '')}${password === undefined ? '' : `:${encodeURIComponent(password)}`}@`;
  const plain = Object.values(extra).every((value) => typeof value === 'string');
  const pairs = plain
    ? Object.entries(extra).map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(String(value))}`)
    : [`__extra__=${encodeURIComponent(JSON.stringify(extra))}`];
  const query = pairs.length === 0 ? '' : `?${pairs.join('&')}`;
  const path = schema === undefined ? '' : `/${encodeURIComponent(schema)}`;
  return `${type}://${auth}${encodeURIComponent(host ?? '')}${port === undefined ? '' : `:${port}`}${path}${query}`;
}

const URI =
  /^([A-Za-z][\w+.-]*):\/\/(?:([^:@/?#]*)(?::([^@/?#]*))?@)?(\[[^\]]*\]|[^:/?#]*)(?::(\d+))?(?:\/([^?#]*))?(?:\?([^#]*))?$/;

function fromUri(name: string, text: string): Connection {
  const match = URI.exec(text.trim());
  if (!match) throw invalid(name, 'it is not a URI of the form type://login:password@host:port/schema?key=value');
  const [, type = '', login, password, host, port, schema, query] = match;
  let extra: Record<string, unknown> = {};
  for (const [key, value] of new URLSearchParams(query ?? '')) {
    if (key === '__extra__') extra = { ...extra, ...jsonObject(name, value) };
    else extra[key] = value;
  }
  return {
    name,
    type,
    ...(host ? { host: decode(name, host) } : {}),
    ...(port === undefined ? {} : { port: Number(port) }),
    ...(login === undefined || (login === '' && password !== undefined) ? {} : { login: decode(name, login) }),
    ...(password === undefined ? {} : { password: decode(name, password) }),
    ...(schema ? { schema: decode(name, schema) } : {}),
    extra,
  };
}

function fromJson(name: string, text: string): Connection {
  const fields = jsonObject(name, text);
  const optionalText = (...keys: string[]) => {
    const value = keys.map((key) => fields[key]).find((found) => found !== undefined && found !== null);
    if (value === undefined) return undefined;
    if (typeof value !== 'string') throw invalid(name, `field '${keys[0]}' is not a text`);
    return value;
  };
  const type = optionalText('type', 'conn_type');
  if (!type) throw invalid(name, "field 'type' is missing");
  const port = fields.port === undefined || fields.port === null ? undefined : Number(fields.port);
  if (port !== undefined && !Number.isInteger(port)) throw invalid(name, "field 'port' is not a whole number");
  const rawExtra = fields.extra ?? {};
  const extra = typeof rawExtra === 'string' ? jsonObject(name, rawExtra) : rawExtra;
  if (typeof extra !== 'object' || Array.isArray(extra)) throw invalid(name, "field 'extra' is not an object");
  const host = optionalText('host');
  const login = optionalText('login');
  const password = optionalText('password');
  const schema = optionalText('schema');
  const description = optionalText('description');
  return {
    name,
    type,
    ...(host === undefined ? {} : { host }),
    ...(port === undefined ? {} : { port }),
    ...(login === undefined ? {} : { login }),
    ...(password === undefined ? {} : { password }),
    ...(schema === undefined ? {} : { schema }),
    ...(description === undefined ? {} : { description }),
    extra: extra as Record<string, unknown>,
  };
}

function jsonObject(name: string, text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw invalid(name, 'its JSON cannot be parsed', cause);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid(name, 'its JSON is no object');
  return value as Record<string, unknown>;
}

function decode(name: string, text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    throw invalid(name, 'a % in it does not start a percent-encoded byte', cause);
  }
}

function invalid(name: string, why: string, cause?: unknown): MillraceError {
  return new MillraceError('invalid_connection', `connection '${name}' cannot be read: ${why}`, {
    fix: 'Write it as type://login:password@host:port/schema?key=value with every part percent-encoded, or as a JSON object with the fields type, host, port, login, password, schema and extra.',
    cause,
  });
}
