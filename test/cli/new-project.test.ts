import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Project } from './project.ts';

/** What a new user does, in order: each step stands on the one before. */

let project: Project;
const hello = () => join(project.folder, 'pipelines', 'hello.ts');
let good: string;

beforeAll(async () => {
  project = await Project.make();
  await project.run(['version']);
  // init makes its own package.json.
  const { rm } = await import('node:fs/promises');
  await rm(join(project.folder, 'package.json'));
});
afterAll(() => project.remove());

it('makes a project, and never overwrites one', async () => {
  const made = await project.run(['init']);
  expect(made).toMatchObject({ code: 0 });
  expect(made.stdout).toContain('pipelines/hello.ts');
  expect(made.stderr).toContain('npx millrace dev');
  good = await readFile(hello(), 'utf8');
  await writeFile(hello(), `${good}// mine\n`);
  const again = await project.run(['init']);
  expect(again.code).toBe(1);
  expect(again.stderr).toContain('error[already_exists]');
  expect(await readFile(hello(), 'utf8')).toContain('// mine');
});

it('finds nothing wrong with the project', async () => {
  expect(await project.json(['check'])).toMatchObject({ errors: [], dags: [{ id: 'hello', tasks: 3 }] });
});

it('says what is wrong with a broken file, where, and what to do', async () => {
  await writeFile(hello(), good.replace('0 6 * * *', '0 66 * * *'));
  const { code, stdout } = await project.run(['check', '--json']);
  expect(code).toBe(1);
  const line = good.split('\n').findIndex((text) => text.includes('0 6 * * *')) + 1;
  expect(JSON.parse(stdout)).toMatchObject({
    errors: [
      { file: hello(), line, code: 'invalid_cron', message: expect.stringContaining('66'), fix: expect.any(String) },
    ],
    dags: [],
  });
  const { stderr } = await project.run(['check']);
  expect(stderr).toContain('error[invalid_cron]');
  expect(stderr).toContain(`pipelines/hello.ts:${line}`);
  expect(stderr).toMatch(/^> +\d+ \| .*0 66/m);
  expect(stderr).toContain('Fix: ');
});

it('runs the mended project, and goes on after a kill -9 without running again what is done', async () => {
  const gate = join(project.folder, 'gate');
  await writeFile(hello(), good);
  await project.write({
    'pipelines/slow.ts': `
      import { existsSync } from 'node:fs';
      import { setTimeout } from 'node:timers/promises';
      import { dag, task } from 'millrace';
      const first = task('first', () => 'done');
      const second = task('second', async (before: string, { log }) => {
        log.info('waiting for the gate');
        while (!existsSync(${JSON.stringify(gate)})) await setTimeout(10);
        return before;
      });
      export const slow = dag('slow', { schedule: null }, () => { second(first()); });`,
  });
  const server = await project.serve(['dev']);
  const triggered = await project.run(['dags', 'trigger', 'hello', '--wait', '--logical-date', '2026-02-03']);
  expect(triggered).toMatchObject({ code: 0, stdout: expect.stringContaining('success') });
  expect(triggered.stderr).toMatch(/greet\[2\] +success/);
  const logs = await project.run(['runs', 'logs', 'hello', 'manual__2026-02-03T00:00:00+00:00', '--task', 'publish']);
  expect(logs.stdout).toContain('Hello, Grace!');
  expect(logs.stdout).not.toContain('greeting');

  await project.run(['dags', 'trigger', 'slow', '--run-id', 'killed']);
  await server.line(/slow +second +running/);
  await server.kill('SIGKILL');
  const following = project.run(['runs', 'logs', 'slow', 'killed', '--follow']);
  await writeFile(gate, '');
  const next = await project.serve(['dev']);
  await next.line(/slow +run +killed +success/);
  const shown = await project.json<{
    instances: { task: string; attempts: { outcome: string; reason: string | null }[] }[];
  }>([...['runs', 'show', 'slow', 'killed']]);
  expect(
    shown.instances.map(({ task, attempts }) => [task, attempts.map(({ outcome, reason }) => reason ?? outcome)]),
  ).toEqual([
    ['first', ['success']],
    ['second', ['server_lost', 'success']],
  ]);
  const followed = await following;
  expect(followed).toMatchObject({ code: 0, stdout: expect.stringContaining('second (attempt 2)') });
  expect(followed.stdout).toContain('waiting for the gate');
  expect(followed.stdout).toContain('was lost (server_lost)');
  expect(await next.kill('SIGTERM')).toBe(0);
});
