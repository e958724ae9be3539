import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Project } from './project.ts';

/** Each file is wrong in one way; `at` is the line of the error, from 1, or null where no line can be named. */
interface Bad {
  readonly code: string;
  readonly at: number | null;
  readonly text: string;
}

const one = (options: string, body = 'a();') => `import { dag, task } from 'millrace';
const a = task('a', () => 1);
export const it = dag('it', ${options}, () => {
  ${body}
});
`;

const BAD: Readonly<Record<string, Bad>> = {
  'wrong cron': { code: 'invalid_cron', at: 3, text: one("{ schedule: '0 25 * * *' }") },
  'unknown time zone': {
    code: 'unknown_timezone',
    at: 3,
    text: one("{ schedule: '@daily', timezone: 'Mars/Olympus' }"),
  },
  'duration that cannot be read': {
    code: 'invalid_duration',
    at: 3,
    text: one("{ schedule: null, runTimeout: 'soon' }"),
  },
  'date that cannot be read': { code: 'invalid_date', at: 3, text: one("{ schedule: null, startDate: '2026-13-01' }") },
  'start after end': {
    code: 'start_after_end',
    at: 3,
    text: one("{ schedule: null, startDate: '2026-02-01', endDate: '2026-01-01' }"),
  },
  'params that fail their schema': {
    code: 'invalid_params',
    at: 3,
    text: one(
      "{ schedule: '@daily', params: { type: 'object', properties: { size: { type: 'integer', default: 'x' } } } }",
    ),
  },
  'task called twice': { code: 'task_called_twice', at: 4, text: one('{ schedule: null }', 'a(); a();') },
  'duplicate task id': {
    code: 'duplicate_task',
    at: 4,
    text: one('{ schedule: null }', "a(); task('a', () => 2)();"),
  },
  cycle: {
    code: 'dag_cycle',
    at: 4,
    text: one('{ schedule: null }', "const x = a(), y = task('y', () => 2)(); x.after(y); y.after(x);"),
  },
  'unknown trigger rule': {
    code: 'unknown_trigger_rule',
    at: 4,
    text: one('{ schedule: null }', "task('b', () => 2, { triggerRule: 'most_done' as never })();"),
  },
  'negative retries': {
    code: 'invalid_option',
    at: 4,
    text: one('{ schedule: null }', "task('b', () => 2, { retries: -1 })();"),
  },
  'does not parse': { code: 'parse_error', at: 2, text: 'const a = 1;\nconst b = = 2;\n' },
  'imports a file that is not there': { code: 'import_not_found', at: 1, text: "import './nowhere.ts';\n" },
  'imports a package that is not there': {
    code: 'import_not_found',
    at: 2,
    text: "\nimport 'no-such-package-here';\n",
  },
  throws: { code: 'import_threw', at: 2, text: "const a = 1;\nthrow new Error('at the top');\nexport {};\n" },
  'calls process.exit': { code: 'import_exited', at: 2, text: 'const a = 1;\nprocess.exit(3);\n' },
  'differs from read to read': {
    code: 'runtime_varying',
    at: null,
    text: one('{ schedule: null, tags: [String(process.hrtime.bigint())] }'),
  },
};

const GOOD = one('{ schedule: null }').replaceAll('it', 'good');

let project: Project;
let checked: {
  errors: { file: string; line: number | null; code: string; message: string; fix: string }[];
  dags: { id: string }[];
};

const fileOf = (name: string) => `pipelines/${name.replaceAll(/[^a-z]+/gi, '-')}.ts`;

beforeAll(async () => {
  project = await Project.make({ 'pipelines/good.ts': GOOD });
  for (const [name, { text }] of Object.entries(BAD)) await project.write({ [fileOf(name)]: text });
  const { code, stdout, stderr } = await project.run(['check', '--json']);
  expect([code, stderr]).toEqual([1, '']);
  checked = JSON.parse(stdout);
});
afterAll(() => project.remove());

describe('millrace check', () => {
  it.each(Object.entries(BAD))('%s', (name, { code, at }) => {
    const found = checked.errors.filter(({ file }) => file === join(project.folder, fileOf(name)));
    expect(found).toMatchObject([{ code, line: at, message: expect.any(String), fix: expect.any(String) }]);
  });

  it('harms nobody else', () => {
    expect(checked.dags).toMatchObject([{ id: 'good' }]);
  });

  it('names two files that define the same DAG', async () => {
    await project.write({ 'more/first.ts': GOOD, 'more/second.ts': GOOD });
    const { stdout } = await project.run(['check', 'more', '--json']);
    expect(JSON.parse(stdout).errors).toMatchObject([
      {
        file: join(project.folder, 'more/second.ts'),
        code: 'duplicate_dag',
        message: expect.stringContaining('more/first.ts'),
      },
    ]);
  });

  it('says which options have no effect yet', async () => {
    const text = GOOD.replace("task('a', () => 1)", "task('a', () => 1, { dependsOnPast: true, queue: 'big' })");
    await project.write({ 'unkept/unkept.ts': text });
    const { code, stderr } = await project.run(['check', 'unkept']);
    expect(code).toBe(0);
    expect(stderr).toContain("unkept/unkept.ts: warning: good: 'dependsOnPast' of task 'a' has no effect yet");
    expect(stderr).toContain("'queue' of task 'a' has no effect yet");
  });

  it('names a path that is not there', async () => {
    expect(await project.run(['check', 'nowhere.ts'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('error[not_found]'),
    });
  });
});

it('a running server reads again what changes, keeps what breaks, and lets go of what is gone', async () => {
  for (const name of Object.keys(BAD)) await rm(join(project.folder, fileOf(name)));
  const server = await project.serve(['dev']);
  await project.write({ 'pipelines/later.ts': GOOD.replaceAll('good', 'later') });
  await server.line(/later\.ts: loaded/);
  expect((await project.run(['dags', 'trigger', 'later', '--wait'])).code).toBe(0);

  await project.write({ 'pipelines/later.ts': 'export const = 1;\n' });
  await server.line(/later\.ts:1: error\[parse_error\]/);
  expect((await project.run(['dags', 'trigger', 'later', '--wait'])).code).toBe(0);
  expect((await project.run(['dags', 'list'])).stderr).toContain('1 error');

  await rm(join(project.folder, 'pipelines/later.ts'));
  await server.line(/later\.ts: defines no workflow/);
  const left = await project.json<{ name: string }[]>(['dags', 'list']);
  expect(left.map(({ name }) => name)).toEqual(['good']);
  await server.kill('SIGTERM');
});

it('a file that never ends is given up, and the others are loaded', async () => {
  await project.write({ 'pipelines/never.ts': 'while (true) {}\n' });
  const { stdout } = await project.run(['check', '--json'], { env: { MILLRACE_IMPORT_TIMEOUT: '1s' } });
  expect(JSON.parse(stdout)).toMatchObject({
    errors: [{ code: 'import_timeout', fix: expect.any(String) }],
    dags: [{ id: 'good' }],
  });
});
