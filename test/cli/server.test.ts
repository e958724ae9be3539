import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Project } from './project.ts';

const PIPELINE = `
  import { dag, task } from 'millrace';
  const stubborn = task('stubborn', (_: void, { signal }) => new Promise<string>((resolve) => {
    signal.addEventListener('abort', () => resolve('stopped'));
  }));
  const quick = task('quick', (_: void, { params }) => params, { retries: 0 });
  export const waits = dag('waits', { schedule: null }, () => { stubborn(); });
  export const ends = dag('ends', { schedule: null, params: { size: 1 } }, () => { quick(); });
`;

let project: Project;
beforeEach(async () => {
  project = await Project.make({ 'pipelines/some.ts': PIPELINE });
});
afterEach(() => project.remove());

it('is the only one on a SQLite file, and names itself to the second', async () => {
  const server = await project.serve();
  const second = await project.run(['start']);
  expect(second.code).toBe(1);
  expect(second.stderr).toContain('error[store_locked]');
  expect(second.stderr).toContain(`pid ${server.pid}`);
  expect(second.stderr).toContain('Fix: ');
  // Commands work beside it, and it notices what they do.
  const run = await project.run(['dags', 'trigger', 'ends', '--wait', '--json', '--conf', '{"size": 7}']);
  expect(JSON.parse(run.stdout)).toMatchObject({ state: 'success', conf: { size: 7 } });
  const findings = await project.json<{ what: string; verdict: string; detail: string }[]>(['doctor']);
  expect(findings.find(({ what }) => what === 'server')).toMatchObject({
    verdict: 'ok',
    detail: expect.stringContaining(`pid ${server.pid}`),
  });
  expect(await server.kill('SIGTERM')).toBe(0);
  expect(existsSync(join(project.folder, '.millrace', 'server.json'))).toBe(false);
});

it('logs JSON, one object a line', async () => {
  const server = await project.serve();
  await server.kill('SIGTERM');
  const entries = server.output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(entries.map(({ message }) => message)).toEqual(expect.arrayContaining(['ready', 'stopped']));
  for (const entry of entries) expect(entry).toMatchObject({ time: expect.any(String), level: expect.any(String) });
});

it('stops at once at the second signal, and what it had goes on later', async () => {
  const server = await project.serve(['dev']);
  await project.run(['dags', 'trigger', 'waits', '--run-id', 'one']);
  await server.line(/waits +stubborn +running/);
  void server.kill('SIGINT');
  await server.line(/stopping/);
  expect(await server.kill('SIGINT')).toBe(130);
  const { instances } = await project.json<{ instances: { state: string }[] }>(['runs', 'show', 'waits', 'one']);
  expect(instances[0]?.state).toBe('running');
  const next = await project.serve(['dev']);
  await next.line(/waits +stubborn +running/);
  expect((await project.run(['runs', 'cancel', 'waits', 'one'])).code).toBe(0);
  await next.line(/waits +run +one +cancelled/);
});

it('refuses a database of a newer version, as every command does', async () => {
  await project.run(['db', 'migrate']);
  const path = join(project.folder, '.millrace', 'millrace.db');
  const database = new Sqlite(path);
  database.pragma('user_version = 99');
  database.close();
  for (const args of [['start'], ['runs', 'list'], ['db', 'migrate']]) {
    const { code, stderr } = await project.run(args);
    expect([args, code]).toEqual([args, 1]);
    expect(stderr).toContain('error[store_newer]');
    expect(stderr).toContain('Fix: ');
  }
  expect(await project.run(['db', 'check'])).toMatchObject({ code: 1, stdout: expect.stringContaining('newer') });
});

it('refuses a schema that is older than the program only where it cannot bring it up', async () => {
  expect(await project.json(['db', 'migrate'])).toMatchObject({ from: 0 });
  expect(await project.json(['db', 'check'])).toMatchObject({ ok: true });
});

it('keeps runs for the next server when none runs', async () => {
  const triggered = await project.run(['dags', 'trigger', 'ends', '--run-id', 'early']);
  expect(triggered.code).toBe(0);
  expect(triggered.stderr).toContain('No server runs');
  const server = await project.serve(['dev']);
  await server.line(/ends +run +early +success/);
});

it('says when the store cannot be used', async () => {
  const { code, stderr } = await project.run(['start', '--store', 'postgres://nobody@127.0.0.1:1/none']);
  expect(code).toBe(1);
  expect(stderr).toContain('error[store_unavailable]');
  const wrong = await project.run(['start', '--store', 'mysql://host/db']);
  expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('error[invalid_argument]') });
});

it('runs the last version of a file that is broken now, and says so', async () => {
  const server = await project.serve(['dev']);
  await project.write({ 'pipelines/some.ts': PIPELINE.replace('schedule: null', "schedule: '0 66 * * *'") });
  await server.line(/invalid_cron/);
  const { code, stderr } = await project.run(['dags', 'trigger', 'ends', '--wait']);
  expect(stderr).toContain('pipelines/some.ts has an error: this is its last version that loaded');
  expect(code).toBe(0);
});

it('forgets the errors of a file that was removed while no server ran', async () => {
  await project.write({ 'pipelines/broken.ts': 'export const a = (;' });
  const server = await project.serve();
  expect((await project.run(['dags', 'list'])).stderr).toContain('1 error in pipeline files');
  await server.kill('SIGKILL');
  await rm(join(project.folder, 'pipelines/broken.ts'));
  await project.serve();
  expect((await project.run(['dags', 'list'])).stderr).not.toContain('error');
});
