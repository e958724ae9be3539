import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { databaseLockHolder, lockDatabase } from './lock.ts';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-lock-'));
  path = join(folder, 'millrace.db');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const me = { pid: 4711, name: 'server-a', startedAt: 1 };

it('is held once, and names its holder', () => {
  expect(databaseLockHolder(path)).toBeNull();
  const lock = lockDatabase(path, me);
  expect(() => lockDatabase(path, { ...me, name: 'server-b' })).toThrowError(
    expect.objectContaining({ code: 'store_locked', message: expect.stringContaining('server-a (pid 4711)') }),
  );
  expect(databaseLockHolder(path)).toEqual(me);
  lock.release();
  lock.release();
  expect(databaseLockHolder(path)).toBeNull();
  lockDatabase(path, me).release();
});

it('of a database in memory is nobody’s business', () => {
  lockDatabase(':memory:', me);
  lockDatabase(':memory:', me).release();
  expect(databaseLockHolder(':memory:')).toBeNull();
});

it('goes with its process, however that ends', async () => {
  const program = `
    const { lockDatabase } = await import(${JSON.stringify(new URL('./lock.ts', import.meta.url).href)});
    lockDatabase(${JSON.stringify(path)}, { pid: process.pid, name: 'killed', startedAt: 1 });
    process.stdout.write('locked');
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  try {
    await once(child.stdout, 'data');
    expect(databaseLockHolder(path)).toMatchObject({ pid: child.pid, name: 'killed' });
  } finally {
    child.kill('SIGKILL');
    await exited;
  }
  lockDatabase(path, me).release();
});
