import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { chown, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { lockFolder } from './folder-lock.ts';
import { freePort } from './free-port.ts';
import { findPostgres, type PostgresProgram } from './postgres-program.ts';
import { endPostmaster, isPostmaster, readPostmaster, watchOwner } from './postmaster.ts';

/** A PostgreSQL on the loopback interface whose data stay in a folder. */
export interface Postgres {
  readonly port: number;
  /** URI of a database. */
  uri(database: string): string;
  /** Creates the database when it is not there, and gives its URI. */
  ensureDatabase(name: string): Promise<string>;
  /** Ends the server in order; the data stay. */
  stop(): Promise<void>;
}

const USER = 'postgres';

/**
 * Starts PostgreSQL on the data in `folder`, or on new data when the folder is empty. Its port and password stay the
 * same over restarts, as long as the port is free. The server is in a process group of its own, so that a Ctrl-C
 * reaches the owner alone, which ends the server when nobody needs it any more. When the owner is killed, a watchdog
 * ends the server; a server that outlives that too is ended here, by the next owner. Throws when another live process
 * owns the folder.
 */
export async function startPostgres({ folder }: { folder: string }): Promise<Postgres> {
  const home = resolve(folder);
  const lock = lockFolder(home);
  try {
    const program = await findPostgres();
    const data = join(home, 'data');
    const settings = await readSettings(home);
    await endLeftOver(data);
    if (!(await exists(data))) await createData(home, data, { program, password: settings.password });
    const { server, watchdog, port } = await startServer(home, data, { program, port: settings.port });
    if (port !== settings.port) await writeSettings(home, { ...settings, port });
    server.unref();
    const uri = (database: string) =>
      `postgresql://${USER}:${settings.password}@127.0.0.1:${port}/${encodeURIComponent(database)}`;
    let stopping: Promise<void> | undefined;
    return {
      port,
      uri,
      ensureDatabase: (name) => ensureDatabase(name, uri),
      stop: () => {
        stopping ??= endPostmaster(server.pid!, data).finally(() => {
          watchdog?.stdin?.destroy();
          lock.release();
        });
        return stopping;
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

interface Settings {
  readonly port: number;
  readonly password: string;
}

async function readSettings(home: string): Promise<Settings> {
  try {
    return JSON.parse(await readFile(join(home, 'settings.json'), 'utf8')) as Settings;
  } catch {
    // Without them the data, if there are any, could not be used: the password is nowhere else.
    await rm(join(home, 'data'), { recursive: true, force: true });
    const settings = { port: await freePort(), password: randomBytes(12).toString('hex') };
    await writeSettings(home, settings);
    return settings;
  }
}

/** Written beside and renamed, so that a kill leaves the old or the new file, never half of one. */
async function writeSettings(home: string, settings: Settings): Promise<void> {
  await writeFile(join(home, 'settings.new'), JSON.stringify(settings), { mode: 0o600 });
  await rename(join(home, 'settings.new'), join(home, 'settings.json'));
}

/** Ends a server that outlived its owner, and removes the traces of one that was killed. */
async function endLeftOver(data: string): Promise<void> {
  const postmaster = await readPostmaster(data);
  if (!postmaster) return;
  if (await isPostmaster(postmaster.pid, data)) await endPostmaster(postmaster.pid, data);
  // The number may belong to another process by now, which would make PostgreSQL refuse to start.
  else await rm(join(data, 'postmaster.pid'), { force: true });
}

/** Creates the data beside their place and renames the folder, so that a kill never leaves half of it. */
async function createData(
  home: string,
  data: string,
  { program, password }: { program: PostgresProgram; password: string },
): Promise<void> {
  for (const name of await readdir(home)) {
    if (name.startsWith('data.new-')) await rm(join(home, name), { recursive: true, force: true });
  }
  const beginning = await mkdtemp(join(home, 'data.new-'));
  const cluster = join(beginning, 'cluster');
  const passwordFile = join(beginning, 'password');
  await mkdir(cluster, { mode: 0o700 });
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  if (program.owner) {
    for (const path of [beginning, cluster, passwordFile]) await chown(path, program.owner.uid, program.owner.gid);
  }
  const args = [`--pgdata=${cluster}`, `--username=${USER}`, `--pwfile=${passwordFile}`, '--auth=scram-sha-256'];
  const {
    file,
    args: all,
    options,
  } = program.command(
    program.initdb,
    [...args, '--encoding=UTF8', '--locale=C', '--no-sync', '--no-instructions'],
    cluster,
  );
  const child = spawn(file, all, { ...options, env: environment(), stdio: ['ignore', 'ignore', 'pipe'] });
  let errors = '';
  child.stderr.on('data', (text) => {
    errors += text;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`PostgreSQL could not create its data in ${home}:\n${errors}`);
  await rename(cluster, data);
  await rm(beginning, { recursive: true, force: true });
}

const FLAGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '100',
  // No replica follows an example's database; a bulk load need not be written twice.
  wal_level: 'minimal',
  max_wal_senders: '0',
};

async function startServer(
  home: string,
  data: string,
  { program, port: wanted }: { program: PostgresProgram; port: number },
): Promise<{ server: ChildProcess; watchdog: ChildProcess | undefined; port: number }> {
  const port = await freePort(wanted);
  const flags = Object.entries(FLAGS).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const { file, args, options } = program.command(program.postgres, ['-D', data, '-p', String(port), ...flags], data);
  // A file, not a pipe: a pipe would break with the owner, and the server with it.
  const logPath = join(home, 'server.log');
  const log = openSync(logPath, 'w');
  const server = spawn(file, args, {
    ...options,
    env: environment(),
    cwd: data,
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  const watchdog = server.pid === undefined ? undefined : watchOwner(server.pid, data);
  let ended = false;
  server.once('exit', () => {
    ended = true;
  });
  const failed = once(server, 'error').then(([error]) => Promise.reject(error));
  failed.catch(() => {});
  while (!ended) {
    const postmaster = await readPostmaster(data);
    if (postmaster?.pid === server.pid && postmaster?.ready) return { server, watchdog, port };
    await Promise.race([sleep(10), failed]);
  }
  watchdog?.stdin?.destroy();
  const said = await readFile(logPath, 'utf8');
  // Taken by another process since it was chosen.
  if (said.includes('could not bind')) return startServer(home, data, { program, port: 0 });
  // Backends of a killed server end by themselves, a moment after it.
  if (said.includes('pre-existing shared memory block')) {
    await sleep(50);
    return startServer(home, data, { program, port });
  }
  throw new Error(`PostgreSQL did not start on ${data}:\n${said}`);
}

const environment = () => ({ ...process.env, LC_ALL: 'C', LC_MESSAGES: 'C' });

async function ensureDatabase(name: string, uri: (database: string) => string): Promise<string> {
  const client = new pg.Client({ connectionString: uri('postgres') });
  await client.connect();
  try {
    const found = await client.query('SELECT FROM pg_database WHERE datname = $1', [name]);
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
  return uri(name);
}

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );
