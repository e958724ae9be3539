import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Project } from './project.ts';

const FLOW = `
  import { appendFileSync, existsSync } from 'node:fs';
  import { setTimeout } from 'node:timers/promises';
  import { flow, task } from 'millrace';
  const load = task('load', (n: number) => { appendFileSync('loads', '.'); return n * 2; });
  const wait = task('wait', async (n: number, { log, signal }) => {
    log.info('waiting for the gate');
    while (!existsSync('gate')) await setTimeout(10, undefined, { signal });
    return n + 1;
  });
  export const scores = flow('scores', async ({ n = 1, label = 'none' }: { n?: number; label?: unknown }) => {
    console.log('scoring', n);
    return { n: await wait(await load(n)), label };
  });
`;
const DAGS = `
  import { dag, task } from 'millrace';
  const good = task('good', (_: void, { log, params }) => { log.info('size ' + JSON.stringify(params)); });
  const bad = task('bad', () => { throw new Error('broken on purpose'); }, { retries: 0 });
  const after = task('after', () => 'done');
  export const due = dag('due', { schedule: '* * * * *', startDate: '2026-01-01' }, () => { good(); });
  export const fine = dag('fine', { schedule: null, params: { size: 1, name: 'x' } }, () => { good(); });
  export const breaks = dag('breaks', { schedule: null }, () => { after().after(bad()); });
  export const paused = dag('paused', { schedule: null, pausedUponCreation: true }, () => { good(); });
`;

let project: Project;
beforeEach(async () => {
  project = await Project.make({ 'flows/scores.ts': FLOW, 'pipelines/dags.ts': DAGS });
});
afterEach(() => project.remove());

it('runs a flow from its file without a server, with its logs as they come and what it returns', async () => {
  await project.write({ gate: '' });
  const ran = await project.run(['run', 'flows/scores.ts', '-p', 'n=3', '-p', 'label=a b', '--json']);
  expect(ran.stderr).toContain('waiting for the gate');
  expect(ran.stderr).toMatch(/scoring 3/);
  expect(ran.stderr).toMatch(/load +success/);
  expect(ran.code).toBe(0);
  expect(JSON.parse(ran.stdout)).toMatchObject({
    workflow: 'scores',
    state: 'success',
    triggeredBy: 'cli',
    conf: { n: 3, label: 'a b' },
    result: { n: 7, label: 'a b' },
  });
  const logs = await project.run(['runs', 'logs', 'scores', '--json']);
  expect(logs.stdout).toContain('"task":"wait"');
});

it('runs a DAG by its name, and nothing that its schedule says is due', async () => {
  const ran = await project.run(['run', 'fine', '-p', 'size=7', '--run-id', 'mine']);
  expect(ran).toMatchObject({ code: 0, stdout: 'fine: run mine ended as success\n' });
  expect(ran.stderr).toContain('size {"name":"x","size":7}');
  const runs = await project.json<{ workflow: string }[]>(['runs', 'list']);
  expect(runs.map(({ workflow }) => workflow)).toEqual(['fine']);
  // Nothing of it is left running.
  expect(existsSync(join(project.folder, '.millrace', 'server.json'))).toBe(false);
});

it('ends with 1 when the run fails; the run is resumed, cleared or marked afterwards', async () => {
  const ran = await project.run(['run', 'breaks', '--run-id', 'one']);
  expect(ran.code).toBe(1);
  expect(ran.stderr).toContain('broken on purpose');
  expect(ran.stdout).toContain('breaks: run one ended as failed');

  const server = await project.serve(['start']);
  const resumed = await project.run(['runs', 'resume', 'breaks', 'one', '--wait']);
  expect(resumed).toMatchObject({ code: 1, stderr: expect.stringContaining('2 task instances run again') });
  const marked = await project.run(['runs', 'mark', 'breaks', 'one', 'success', '--task', 'bad']);
  expect(marked).toMatchObject({ code: 0, stdout: expect.stringContaining('1 task instances are success') });
  await project.run(['runs', 'logs', 'breaks', 'one', '--follow']);
  const shown = await project.json<{ state: string; instances: { task: string; attempt: number; state: string }[] }>([
    ...['runs', 'show', 'breaks', 'one'],
  ]);
  expect(shown.state).toBe('success');
  expect(shown.instances.map(({ task, attempt, state }) => [task, attempt, state]).sort()).toEqual([
    ['after', 1, 'success'],
    ['bad', 2, 'success'],
  ]);
  expect(await project.json(['runs', 'mark', 'breaks', 'one', 'failed'])).toMatchObject({
    state: 'failed',
    changed: true,
  });
  expect(await project.run(['runs', 'mark', 'breaks', 'one', 'skipped'])).toMatchObject({ code: 2 });
  expect(await project.run(['runs', 'mark', 'breaks', 'one', 'success', '--upstream'])).toMatchObject({ code: 2 });
  const cleared = await project.json<{ cleared: unknown[] }>(['runs', 'clear', 'breaks', 'one', '--task', 'after']);
  expect(cleared.cleared).toEqual([{ task: 'after', mapIndex: -1 }]);
  await server.kill('SIGTERM');
});

it('has a running server do it', async () => {
  const server = await project.serve(['dev']);
  const ran = await project.run(['run', 'pipelines/dags.ts', '--workflow', 'fine', '--run-id', 'there']);
  expect(ran).toMatchObject({ code: 0, stderr: expect.stringContaining('size {"name":"x","size":1}') });
  await server.line(/fine +run +there +success/);
  const unknown = await project.run(['run', 'flows/scores.ts']);
  expect(unknown).toMatchObject({ code: 1, stderr: expect.stringContaining('does not serve the file') });
  await server.kill('SIGTERM');
});

it('goes on by itself where the server goes away over it, and repeats nothing', async () => {
  const server = await project.serve(['serve', 'flows/scores.ts']);
  const running = project.run(['run', 'scores', '--json']);
  await server.line(/scores +wait +running/);
  await server.kill('SIGKILL');
  await project.write({ gate: '' });
  const ran = await running;
  expect(ran.stderr).toContain('the run goes on here');
  expect([ran.code, JSON.parse(ran.stdout).result]).toEqual([0, { n: 3, label: 'none' }]);
  expect(await readFile(join(project.folder, 'loads'), 'utf8')).toBe('.');
});

it('is cancelled by an interrupt, and resumed from its record', async () => {
  const running = project.start(['run', 'flows/scores.ts', '--run-id', 'one']);
  await running.line(/wait +running/);
  expect(await running.kill('SIGINT')).toBe(1);
  expect(running.output).toContain('scores: run one ended as cancelled');
  await project.write({ gate: '' });
  const server = await project.serve(['serve', 'flows/scores.ts']);
  const resumed = await project.run(['runs', 'resume', 'scores', 'one', '--wait']);
  expect(resumed).toMatchObject({ code: 0, stdout: expect.stringContaining('ended as success') });
  expect(await readFile(join(project.folder, 'loads'), 'utf8')).toBe('.');
  const again = await project.run(['runs', 'resume', 'scores', 'one']);
  expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('nothing to resume') });
  await server.kill('SIGTERM');
});

it('serves flows with the schedule and the params that are given', async () => {
  const flags = ['--cron', '0 6 * * *', '--timezone', 'Europe/Berlin', '-p', 'n=20'];
  const server = await project.serve(['serve', 'flows/scores.ts', ...flags]);
  await project.write({ gate: '' });
  const next = await project.json<unknown>(['dags', 'next', 'scores']);
  expect(JSON.stringify(next)).toMatch(/T0[45]:00:00/);
  const ran = await project.run(['run', 'scores', '--json']);
  expect(JSON.parse(ran.stdout).result).toEqual({ n: 41, label: 'none' });
  expect(await server.kill('SIGTERM')).toBe(0);
});

it.each([
  [['run', 'pipelines/dags.ts'], 2, 'several workflows: '],
  [['run', 'pipelines/dags.ts', '--workflow', 'other'], 1, "no workflow 'other'"],
  [['run', 'pipelines/nowhere.ts'], 1, 'there is no file pipelines/nowhere.ts'],
  [['run', 'fien'], 1, "Did you mean 'fine'"],
  [['run', 'fine', '-p', 'size'], 2, 'is not a name and a value'],
  [['run', 'paused'], 1, 'millrace dags unpause paused'],
  [['serve'], 2, 'files'],
])('%s ends with %i', async (args, code, message) => {
  const ended = await project.run(args);
  expect([ended.code, ended.stderr]).toEqual([code, expect.stringContaining(message)]);
});
