import { type Connection, connectionUri } from '../model/connection.ts';
import { MillraceError } from '../model/errors.ts';
import { environmentName } from './environment-name.ts';
import { scopeFor } from './scope.ts';

/** A connection by its name. It is looked up when a member is called, in the attempt that calls it. */
export interface ConnectionHandle {
  readonly name: string;
  /** All of it. */
  get(): Promise<Connection>;
  /** `type://login:password@host:port/schema?extra`, every part percent-encoded. */
  uri(): Promise<string>;
  login(): Promise<string>;
  password(): Promise<string>;
  host(): Promise<string>;
  port(): Promise<number>;
  schema(): Promise<string>;
  extra(): Promise<Readonly<Record<string, unknown>>>;
}

/**
 * How to reach another system, as the installation has it under this name: environment, secrets backends, store. Its
 * password is masked in the attempt's log. Members throw `missing_connection` when nobody knows the name, and
 * `invalid_connection` when the connection lacks the field. Works while a task or a flow runs.
 */
export function connection(name: string): ConnectionHandle {
  const get = () => lookUp(name);
  const field = async <K extends 'login' | 'password' | 'host' | 'port' | 'schema'>(key: K) => {
    const value = (await get())[key];
    if (value === undefined) throw lacking(name, key);
    return value;
  };
  return {
    name,
    get,
    uri: async () => connectionUri(await get()),
    login: () => field('login'),
    password: () => field('password'),
    host: () => field('host'),
    port: () => field('port'),
    schema: () => field('schema'),
    extra: async () => (await get()).extra,
  };
}

async function lookUp(name: string): Promise<Connection> {
  const scope = scopeFor(`connection('${name}')`);
  const found = await scope.connection(name);
  if (!found) throw missingConnection(name);
  if (found.password) scope.mask(found.password);
  return found;
}

/** The error for a connection that nobody knows. */
export function missingConnection(name: string): MillraceError {
  const form = 'type://login:password@host:port/schema';
  return new MillraceError('missing_connection', `there is no connection '${name}'`, {
    fix: `Set ${environmentName('CONN', name)}=${form}, or run: millrace connections add ${name} --uri ${form}`,
    lacks: { kind: 'connection', name },
  });
}

function lacking(name: string, field: string): MillraceError {
  return new MillraceError('invalid_connection', `connection '${name}' has no ${field}`, {
    fix: `Add the ${field} to the connection, or read what it has with connection('${name}').get().`,
  });
}
