import { connect } from 'node:net';
import { type Connection, connectionUri, parseConnection } from '../../../model/connection.ts';
import { MillraceError } from '../../../model/errors.ts';
import { createMasker } from '../../../model/mask.ts';
import { connectionSummary, parseSummary, registerOf } from '../../../vault/entry.ts';
import { jsonObject, wholeNumber } from '../../arguments.ts';
import { command, group } from '../../command.ts';
import { EXIT } from '../../report-error.ts';
import type { Session } from '../../session.ts';
import { iso } from '../../times.ts';
import { findSealed, listSealed, putSealed, removeSealed, valueOrInput } from './sealed.ts';

export const connections = () =>
  group('connections', 'connections: how to reach other systems', [list(), get(), add(), test(), remove()]);

const list = () =>
  command(
    'list',
    'list the connections in the store',
    (it) => it,
    async (session) => {
      const rows = (await listSealed(session, 'connection')).map(({ name, summary, updatedAt }) => ({
        name,
        ...parseSummary(summary),
        updatedAt: iso(updatedAt),
      }));
      session.terminal.data(rows, () =>
        session.terminal.table(
          ['CONNECTION', 'TYPE', 'HOST', 'LOGIN', 'SCHEMA', 'DESCRIPTION'],
          rows.map(({ name, type, host, port, login, schema, description }) => [
            name,
            type ?? '',
            `${host ?? ''}${port === undefined ? '' : `:${port}`}`,
            login ?? '',
            schema ?? '',
            description ?? '',
          ]),
        ),
      );
    },
  );

const get = () =>
  command<readonly [name: string]>(
    'get',
    'show a connection as pipelines find it, its secrets masked',
    (it) => it.argument('<connection>'),
    async (session, [name]) => {
      const { connection, source } = await find(session, name);
      const masked = createMasker().maskFields(connection) as Connection;
      session.terminal.data({ ...masked, source }, () =>
        Object.entries({ ...masked, extra: JSON.stringify(masked.extra), source })
          .filter(([, value]) => value !== '{}')
          .map(([key, value]) => `${session.terminal.colours.dim(key.padEnd(11))}  ${String(value)}`)
          .join('\n'),
      );
    },
  );

interface AddOptions {
  readonly uri?: string;
  readonly type?: string;
  readonly host?: string;
  readonly port?: string;
  readonly login?: string;
  readonly password?: string;
  readonly schema?: string;
  readonly extra?: string;
  readonly description?: string;
  readonly replace?: boolean;
}

const add = () =>
  command<readonly [name: string], AddOptions>(
    'add',
    'add a connection, encrypted: by its URI or its fields; --uri - or --password - reads from stdin',
    (it) =>
      it
        .argument('<connection>', 'its name')
        .option('--uri <uri>', 'type://login:password@host:port/schema?key=value, each part percent-encoded')
        .option('--type <type>', 'postgres, s3, http, slack, smtp, …')
        .option('--host <host>')
        .option('--port <port>')
        .option('--login <login>')
        .option('--password <password>')
        .option('--schema <schema>', 'database, bucket or the like')
        .option('--extra <json>', 'further settings, as a JSON object')
        .option('--description <text>')
        .option('--replace', 'replace the one that is there'),
    async (session, [name], options) => {
      const connection = options.uri === undefined ? await fromFields(name, options) : await fromUri(name, options);
      const existing = await session.operate(({ tx }) => registerOf(tx, 'connection').get(name));
      if (existing && !options.replace) {
        throw new MillraceError('already_exists', `there is a connection '${name}' already`, {
          fix: 'Choose another name, or replace it with --replace.',
        });
      }
      const summary = connectionSummary({ ...connection, ...pick(options, 'description') });
      await putSealed(session, { kind: 'connection', name }, connectionUri(connection), summary);
      session.terminal.data({ name, ...summary }, () => `connection ${name} is ${existing ? 'replaced' : 'added'}`);
    },
  );

async function fromUri(name: string, { uri, ...fields }: AddOptions): Promise<Connection> {
  const doubled = (['type', 'host', 'port', 'login', 'password', 'schema', 'extra'] as const).find(
    (key) => fields[key] !== undefined,
  );
  if (doubled) {
    throw new MillraceError('invalid_argument', `--uri and --${doubled} exclude each other`, {
      fix: 'Give the whole URI, or the fields.',
    });
  }
  return parseConnection(name, await valueOrInput(uri, '--uri'));
}

async function fromFields(name: string, options: AddOptions): Promise<Connection> {
  const { type, port, password, extra } = options;
  if (type === undefined) {
    throw new MillraceError('invalid_argument', 'neither --uri nor --type is given', {
      fix: `millrace connections add ${name} --uri 'type://login:password@host:port/schema'`,
    });
  }
  const number = wholeNumber('--port', port, { least: 1, most: 65_535 });
  const fields = {
    type,
    ...pick(options, 'host', 'login', 'schema'),
    ...(number === undefined ? {} : { port: number }),
    ...(password === undefined ? {} : { password: await valueOrInput(password, '--password') }),
    extra: jsonObject('--extra', extra),
  };
  return parseConnection(name, connectionUri(parseConnection(name, JSON.stringify(fields))));
}

function pick<K extends keyof AddOptions>(options: AddOptions, ...keys: K[]): { [key in K]?: string } {
  return Object.fromEntries(keys.flatMap((key) => (options[key] === undefined ? [] : [[key, options[key]]]))) as never;
}

const DEFAULT_PORTS: Readonly<Record<string, number>> = {
  postgres: 5432,
  postgresql: 5432,
  http: 80,
  https: 443,
  smtp: 587,
  smtps: 465,
};
const TEST_MS = 5000;

const test = () =>
  command<readonly [name: string]>(
    'test',
    'look a connection up and try to reach its host and port (not its login)',
    (it) => it.argument('<connection>'),
    async (session, [name]) => {
      const { connection, source } = await find(session, name);
      const port = connection.port ?? DEFAULT_PORTS[connection.type];
      if (connection.host === undefined || port === undefined) {
        session.terminal.data(
          { name, source, reachable: null },
          () => `${name} was read from ${source}; it names no host and port to reach`,
        );
        return EXIT.ok;
      }
      const problem = await reach(session, { host: connection.host, port });
      const where = `${connection.host}:${port}`;
      session.terminal.data({ name, source, reachable: problem === null, address: where, problem }, () =>
        problem === null ? `${name}: ${where} answers` : `${name}: ${where} does not answer: ${problem}`,
      );
      return problem === null ? EXIT.ok : EXIT.failed;
    },
  );

function reach({ clock }: Session, address: { readonly host: string; readonly port: number }): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = connect(address);
    const end = (problem: string | null) => {
      cancel();
      socket.destroy();
      resolve(problem);
    };
    const cancel = clock.after(TEST_MS, () => end(`nothing within ${TEST_MS / 1000} s`));
    socket.once('connect', () => end(null));
    socket.once('error', (error) => end(error.message));
  });
}

const remove = () =>
  command<readonly [name: string]>(
    'delete',
    'delete a connection',
    (it) => it.argument('<connection>'),
    async (session, [name]) => {
      await removeSealed(session, { kind: 'connection', name });
      session.terminal.data({ name, deleted: true }, () => `connection ${name} is deleted`);
    },
  );

async function find(session: Session, name: string) {
  const { text, source, description } = await findSealed(session, { kind: 'connection', name });
  const connection = parseConnection(name, text);
  return { connection: description === undefined ? connection : { ...connection, description }, source };
}
