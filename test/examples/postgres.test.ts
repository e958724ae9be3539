import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Postgres, startPostgres } from '../../examples/parts/postgres.ts';
import { isPostmaster } from '../../examples/parts/postmaster.ts';
import { type Child, killGroup, launch, startChild } from './child.ts';

const OWNER = new URL('./postgres-owner.ts', import.meta.url);

let folder: string;
let open: Postgres[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-example-'));
  chmodSync(folder, 0o755);
});

afterEach(async () => {
  for (const server of open) await server.stop();
  open = [];
  rmSync(folder, { recursive: true, force: true });
});

async function start(): Promise<Postgres> {
  const server = await startPostgres({ folder });
  open.push(server);
  return server;
}

async function query(uri: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: uri });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query({ text: sql, rowMode: 'array' })).rows.flat();
  } finally {
    await client.end();
  }
}

const data = () => join(folder, 'data');
const postmaster = () => Number(readFileSync(join(data(), 'postmaster.pid'), 'utf8').split('\n')[0]);
const gone = (pid: number) => vi.waitFor(async () => expect(await isPostmaster(pid, data())).toBe(false), 20_000);

/** An owner in another process whose database has one table with a row. */
async function ownerWithData(): Promise<{ owner: Child; uri: string; pid: number }> {
  const owner = await startChild(OWNER, [folder]);
  await query(owner.firstLine, 'CREATE TABLE kept AS SELECT 42 AS answer');
  return { owner, uri: owner.firstLine, pid: postmaster() };
}

async function expectKept(uri: string): Promise<void> {
  const server = await start();
  expect(server.uri('kept')).toBe(uri);
  expect(await query(uri, 'SELECT answer FROM kept')).toEqual([42]);
}

test('stopped and started again it has its data, port and password', async () => {
  const first = await start();
  const uri = await first.ensureDatabase('a "b" c');
  await query(uri, 'CREATE TABLE kept AS SELECT 42 AS answer');
  expect(await query(uri, 'SHOW listen_addresses')).toEqual(['127.0.0.1']);
  const pid = postmaster();
  await Promise.all([first.stop(), first.stop()]);
  expect(await isPostmaster(pid, data())).toBe(false);
  const second = await start();
  expect(await second.ensureDatabase('a "b" c')).toBe(uri);
  expect(await query(uri, 'SELECT answer FROM kept')).toEqual([42]);
});

test('a folder has one owner at a time', async () => {
  const server = await start();
  await expect(startPostgres({ folder })).rejects.toThrow(/Another process uses .*\nFix: /);
  expect(await query(server.uri('postgres'), 'SELECT 1')).toEqual([1]);
});

test('a port that was taken in the meantime is replaced', async () => {
  const first = await start();
  await first.stop();
  const settings = join(folder, 'settings.json');
  writeFileSync(settings, JSON.stringify({ ...JSON.parse(readFileSync(settings, 'utf8')), port: 1 }));
  const second = await start();
  expect(JSON.parse(readFileSync(settings, 'utf8')).port).toBe(second.port);
  expect(await query(second.uri('postgres'), 'SELECT 1')).toEqual([1]);
});

test('when its owner is killed the server ends in order, and the next owner goes on', async () => {
  const { owner, uri, pid } = await ownerWithData();
  await owner.kill();
  await gone(pid);
  expect(readFileSync(join(folder, 'server.log'), 'utf8')).toContain('database system is shut down');
  await expectKept(uri);
});

test('the next owner may come at once after the kill', async () => {
  const { owner, uri, pid } = await ownerWithData();
  await owner.kill();
  await expectKept(uri);
  expect(postmaster()).not.toBe(pid);
});

test('a server that outlived its owner and the watchdog is ended and replaced', async () => {
  const { owner, uri, pid } = await ownerWithData();
  const watchdog = Number(execFileSync('pgrep', ['-P', String(owner.process.pid), '-x', 'sh'], { encoding: 'utf8' }));
  process.kill(watchdog, 'SIGKILL');
  await owner.kill();
  expect(await isPostmaster(pid, data())).toBe(true);
  await expectKept(uri);
  expect(await isPostmaster(pid, data())).toBe(false);
});

test('owner and server killed together: the data come back from the log', async () => {
  const { owner, uri, pid } = await ownerWithData();
  process.kill(pid, 'SIGKILL');
  await owner.kill();
  await expectKept(uri);
  expect(readFileSync(join(folder, 'server.log'), 'utf8')).toContain('automatic recovery in progress');
});

test('the process number of a killed server may belong to somebody else by now', async () => {
  const { owner, uri, pid } = await ownerWithData();
  process.kill(pid, 'SIGKILL');
  await owner.kill();
  const file = join(data(), 'postmaster.pid');
  await gone(pid);
  writeFileSync(file, readFileSync(file, 'utf8').replace(/^\d+/, String(process.pid)));
  await expectKept(uri);
});

test('killed while it creates its data it starts afresh', async () => {
  const owner = launch(OWNER, [folder]);
  const begun = () => readdirSync(folder).some((name) => name.startsWith('data.new-'));
  await vi.waitFor(() => expect(begun()).toBe(true), { timeout: 20_000, interval: 5 });
  await killGroup(owner);
  expect(existsSync(data())).toBe(false);
  const server = await start();
  expect(await query(server.uri('postgres'), 'SELECT 1')).toEqual([1]);
  expect(begun()).toBe(false);
});

test.runIf(process.getuid?.() === 0)('root may use a folder that is closed to everybody else', async () => {
  chmodSync(folder, 0o700);
  const closed = join(folder, 'deeper');
  mkdirSync(closed);
  const server = await startPostgres({ folder: closed });
  open.push(server);
  expect(await query(await server.ensureDatabase('shop'), 'SELECT current_user')).toEqual(['postgres']);
});
