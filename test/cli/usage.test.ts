import { existsSync } from 'node:fs';
import { chmod, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Project } from './project.ts';

const PIPELINE = `
  import { dag, task } from 'millrace';
  const numbers = task('numbers', () => [1, 2, 3]);
  const double = task('double', ({ n }: { n: number }, { log }) => { log.info('doubling', { n }); return n * 2; });
  const sum = task('sum', (all: Iterable<number>) => { let s = 0; for (const n of all) s += n; return s; });
  export const adds = dag('adds', { schedule: '@daily', startDate: '2026-01-01', tags: ['sums'] }, () => {
    sum(double.expand({ n: numbers() }));
  });
  const explode = task('explode', () => { throw new Error('the reason'); });
  const after = task('after', () => 1);
  export const fails = dag('fails', { schedule: null }, () => { after().after(explode()); });
  const give = task('give', () => ({ f: () => 1 }));
  export const gives = dag('gives', { schedule: null }, () => { give(); });
`;

let project: Project;
beforeAll(async () => {
  project = await Project.make({ 'pipelines/some.ts': PIPELINE });
});
afterAll(() => project.remove());

describe('usage', () => {
  it.each([
    [['nonsense'], 2],
    [['dags', 'nonsense'], 2],
    [['dags', 'list', '--nonsense'], 2],
    [['dags', 'trigger'], 2],
    [['dags', 'next', 'adds', '-n', 'many'], 2],
    [['dags', 'trigger', 'adds', '--conf', 'no json'], 2],
    [['dags', 'trigger', 'adds', '--logical-date', '2026-02-30'], 2],
    [['runs', 'list', '--state', 'odd'], 2],
    [['--help'], 0],
    [['dags', 'list', '--help'], 0],
    [[], 0],
  ])('%j ends with %i', async (args, code) => {
    const ended = await project.run(args);
    expect(ended.code).toBe(code);
    if (code === 2) expect([ended.stdout, ended.stderr.length > 0]).toEqual(['', true]);
  });

  it('prints an error as JSON where JSON is asked for', async () => {
    const { code, stdout, stderr } = await project.run(['dags', 'show', 'ads', '--json']);
    expect([code, stdout]).toEqual([1, '']);
    expect(JSON.parse(stderr)).toEqual({
      error: {
        code: 'not_found',
        message: "there is no workflow 'ads'",
        fix: "Did you mean 'adds'? See: millrace dags list",
      },
    });
  });

  it('prints nothing that only a terminal shows', async () => {
    const { stdout, stderr } = await project.run(['dags', 'list']);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
    expect(stdout + stderr).not.toMatch(/[\u001b\r]/);
  });

  it('finds the project from a folder inside it, and the home where it is told to', async () => {
    const version = await project.json<{ millrace: string }>(['version']);
    expect(version.millrace).toMatch(/^\d+\.\d+\.\d+/);
    expect(await project.json(['runs', 'list', '--home', 'elsewhere'])).toEqual([]);
    expect(existsSync(join(project.folder, 'elsewhere', 'millrace.db'))).toBe(true);
    await rm(join(project.folder, 'elsewhere'), { recursive: true });
  });
});

describe('dags', () => {
  it('lists what there is', async () => {
    expect(await project.json(['dags', 'list'])).toMatchObject([
      { name: 'adds', tags: ['sums'] },
      { name: 'fails' },
      { name: 'gives' },
    ]);
  });

  it('shows the graph as a tree', async () => {
    const { stdout } = await project.run(['dags', 'show', 'adds']);
    expect(stdout).toContain('numbers\n└─ double  (mapped)\n   └─ sum');
  });

  it('lists the next runs', async () => {
    const runs = await project.json<{ runAfter: string }[]>(['dags', 'next', 'adds', '-n', '3']);
    const days = runs.map(({ runAfter }) => Date.parse(runAfter));
    expect(days.map((day) => day % 86_400_000)).toEqual([0, 0, 0]);
    expect([days[1]! - days[0]!, days[2]! - days[1]!]).toEqual([86_400_000, 86_400_000]);
  });

  it('pauses and unpauses', async () => {
    expect(await project.json(['dags', 'pause', 'adds'])).toMatchObject({ changed: true });
    expect(await project.json(['dags', 'pause', 'adds'])).toMatchObject({ changed: false });
    expect(await project.json(['dags', 'list'])).toMatchObject([{ name: 'adds', paused: true }, {}, {}]);
    expect(await project.json(['dags', 'unpause', 'adds'])).toMatchObject({ changed: true });
  });

  it('refuses a second run of the same date, and params that do not fit an id', async () => {
    const args = ['dags', 'trigger', 'fails', '--logical-date', '2026-01-05'];
    expect((await project.run(args)).code).toBe(0);
    expect(await project.run(args)).toMatchObject({ code: 1, stderr: expect.stringContaining('error[conflict]') });
    const odd = await project.run(['dags', 'trigger', 'fails', '--run-id', 'not an id']);
    expect(odd).toMatchObject({ code: 1, stderr: expect.stringContaining('error[invalid_id]') });
  });
});

describe('tests in one process', () => {
  it('run a whole DAG', async () => {
    const { code, stdout, stderr } = await project.run(['dags', 'test', 'adds', '--date', '2026-03-01', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      state: 'success',
      logicalDate: '2026-03-01T00:00:00.000Z',
      instances: { length: 5 },
    });
    expect(stderr).toContain('doubling');
  });

  it('end with 1 when it fails, with the reason', async () => {
    const { code, stdout, stderr } = await project.run(['dags', 'test', 'fails', '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      state: 'failed',
      instances: [{ state: 'upstream_failed' }, { state: 'failed', attempts: [{ error: 'Error: the reason' }] }],
    });
    expect(stderr).toContain('the reason');
  });

  it('say what cannot be kept of an output', async () => {
    const { code, stdout, stderr } = await project.run(['dags', 'test', 'gives']);
    expect(code).toBe(1);
    expect(stdout + stderr).toContain('.f is a function');
  });

  it('leave no run behind', async () => {
    expect(await project.json(['runs', 'list', '--dag', 'adds'])).toEqual([]);
  });

  it('run one task, with the input that is given', async () => {
    const args = ['tasks', 'test', 'adds', 'double', '--map-index', '0'];
    expect(await project.json([...args, '--input', '{"n": 21}'])).toEqual({
      task: 'double',
      outcome: 'success',
      output: 42,
    });
    expect(await project.run(args)).toMatchObject({ code: 2, stderr: expect.stringContaining('--input') });
    expect(await project.run(['tasks', 'test', 'fails', 'explode'])).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('the reason'),
    });
    expect(await project.run(['tasks', 'test', 'adds', 'dubble'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("'double'"),
    });
  });
});

it('renders the input of a task from a run, and clears what is to run again', async () => {
  const server = await project.serve(['dev']);
  await project.run(['dags', 'trigger', 'adds', '--run-id', 'one', '--wait']);
  expect(await project.json(['tasks', 'render', 'adds', 'double', '--run', 'one', '--map-index', '2'])).toMatchObject({
    input: { n: 3 },
  });
  expect(await project.json(['tasks', 'render', 'adds', 'sum', '--run', 'one'])).toMatchObject({ input: [2, 4, 6] });
  expect(await project.json(['runs', 'clear', 'adds', 'one', '--task', 'sum'])).toMatchObject({
    cleared: [{ task: 'sum' }],
  });
  await server.line(/sum +success +attempt 2[\s\S]*run +one +success/);
  const runs = await project.json<{ runId: string; state: string }[]>([
    'runs',
    'list',
    '--dag',
    'adds',
    '--state',
    'success',
  ]);
  expect(runs.map(({ runId }) => runId)).toContain('one');
  await server.kill('SIGTERM');
});

it('doctor finds keys that others can read', async () => {
  await project.run(['keys', 'list']);
  await chmod(join(project.folder, '.millrace', 'keys'), 0o644);
  const { code, stdout } = await project.run(['doctor']);
  expect(code).toBe(1);
  expect(stdout).toMatch(/fail +keys .*mode 644/);
  expect(stdout).toContain('Fix: chmod 600');
});
