import { type Connection, parseConnection } from '../model/connection.ts';
import { MillraceError } from '../model/errors.ts';
import { type AttemptScope, currentScope, scopeFor } from '../sdk/scope.ts';

export interface ConnectionRequest {
  /** The provider's function, for messages: `postgres`. */
  readonly provider: string;
  /** The connection types that the provider understands. */
  readonly types: readonly string[];
}

/** Connections that an attempt has asked for: one question to the server a name. They end with the attempt. */
const resolved = new WeakMap<AttemptScope, Map<string, Promise<Connection | undefined>>>();

/**
 * The connection that a provider was given: `target` is a URI when it contains `://`, else a name, which only a running
 * attempt can look up. Its secrets are masked in the attempt's log. Throws `missing_connection`, and
 * `invalid_connection` for one of another type.
 */
export async function resolveConnection(
  target: string,
  request: ConnectionRequest,
  scope: AttemptScope | undefined = currentScope(),
): Promise<Connection> {
  const connection = target.includes('://')
    ? parseConnection(`given to ${request.provider}()`, target)
    : await lookUp(target, scope ?? scopeFor(`${request.provider}('${target}')`));
  if (scope) maskSecrets(connection, scope);
  if (!request.types.includes(connection.type)) {
    const known = request.types.map((type) => `'${type}'`).join(' or ');
    throw new MillraceError(
      'invalid_connection',
      `connection '${connection.name}' has the type '${connection.type}', which ${request.provider}() does not understand`,
      { fix: `Give it the type ${known}, or use the provider of its type.` },
    );
  }
  return connection;
}

async function lookUp(name: string, scope: AttemptScope): Promise<Connection> {
  const known = resolved.get(scope) ?? new Map<string, Promise<Connection | undefined>>();
  resolved.set(scope, known);
  const pending = known.get(name) ?? scope.connection(name);
  known.set(name, pending);
  let connection: Connection | undefined;
  try {
    connection = await pending;
  } catch (error) {
    known.delete(name);
    throw error;
  }
  if (connection) return connection;
  known.delete(name);
  const variable = `MILLRACE_CONN_${name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}`;
  throw new MillraceError('missing_connection', `there is no connection '${name}'`, {
    fix: `Set ${variable}=type://login:password@host:port/schema, or run: millrace connections add ${name} --uri type://login:password@host:port/schema`,
    lacks: { kind: 'connection', name },
  });
}

const SECRET_NAME = /secret|token|password|passwd|passphrase|private|api_?key|access_?key/i;

function maskSecrets(connection: Connection, scope: AttemptScope): void {
  const secrets = Object.entries(connection.extra).filter(([key]) => SECRET_NAME.test(key));
  for (const value of [connection.password, ...secrets.map(([, secret]) => secret)]) {
    if (typeof value !== 'string' || value === '') continue;
    scope.mask(value);
    const encoded = encodeURIComponent(value);
    if (encoded !== value) scope.mask(encoded);
  }
}

/** A field of `extra` as text; numbers and booleans are written out. */
export function extraText(connection: Connection, ...keys: string[]): string | undefined {
  for (const key of keys) {
    const value = connection.extra[key];
    if (typeof value === 'string' && value !== '') return value;
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  }
  return undefined;
}

/** A field of `extra` as a flag: true, 'true', '1', 'yes', 'on' in any case. Undefined when it is not there. */
export function extraFlag(connection: Connection, ...keys: string[]): boolean | undefined {
  const text = extraText(connection, ...keys)?.toLowerCase();
  return text === undefined ? undefined : ['true', '1', 'yes', 'on'].includes(text);
}
