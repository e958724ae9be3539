import { afterAll, beforeAll, expect, it } from 'vitest';
import { Project } from './project.ts';

const PIPELINE = `
  import { dag, task } from 'millrace';
  const hold = task('hold', (_: void, { signal }) => new Promise<void>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason));
  }));
  const after = task('after', () => 1);
  const each = task('each', ({ n }: { n: number }) => n);
  export const waits = dag('waits', { schedule: null, maxActiveRuns: 1 }, () => {
    after().after(hold());
    each.expand({ n: [1, 2, 3] });
  });
`;

interface Answer {
  readonly total: number;
  readonly waiting: readonly {
    readonly task_id: string | null;
    readonly map_index: number | null;
    readonly state: string | null;
    readonly reasons: readonly { readonly kind: string; readonly fact: string }[];
  }[];
}

let project: Project;
beforeAll(async () => {
  project = await Project.make({ 'pipelines/waits.ts': PIPELINE });
});
afterAll(() => project.remove());

const kinds = ({ waiting }: Answer) =>
  waiting.map(({ task_id, reasons }) => [task_id, ...reasons.map(({ kind }) => kind)]);

it('says why nothing runs where no server does, and what to do about it', async () => {
  await project.run(['dags', 'trigger', 'waits', '--run-id', 'first']);
  await project.run(['dags', 'trigger', 'waits', '--run-id', 'second']);
  const first = await project.run(['tasks', 'why', 'waits', 'hold', '--run', 'first']);
  expect([first.code, first.stderr]).toEqual([0, '']);
  expect(first.stdout).toContain('hold  queued');
  expect(first.stdout).toContain('No server runs on this store.\n    Nothing starts until one does.');
  expect(first.stdout).toContain('Start one: npx millrace start');
  expect(kinds(await project.json<Answer>(['runs', 'why', 'waits']))).toEqual([[null, 'no_worker', 'active_runs']]);
  // A task of a run that has not begun has no instance: it waits for what the run waits for.
  expect(kinds(await project.json<Answer>(['tasks', 'why', 'waits', 'each', '--map-index', '2']))).toEqual([
    ['each', 'no_worker', 'active_runs'],
  ]);
});

it('says beside a server what waits for what', async () => {
  const server = await project.serve(['dev']);
  await server.line(/waits +hold +running/);
  await server.line(/waits +each\[2\] +success/);
  const { stdout } = await project.run(['runs', 'why', 'waits', 'first']);
  expect(stdout).toContain(
    'after  no state yet\n  Upstream hold is running.\n    all_success needs 1 of 1 done, has 0.',
  );
  expect(stdout).toContain('Mark it success: npx millrace runs mark waits first success --task hold');
  expect((await project.run(['runs', 'show', 'waits', 'first'])).stdout).toMatch(
    /after +none +Upstream hold is running\./,
  );
  const second = await project.run(['runs', 'why', 'waits', 'second']);
  expect(second.stdout).toContain('run second  queued\n  1 of 1 active run: the places are taken.');
  expect(second.stdout).toContain('Cancel this run: npx millrace runs cancel waits second');
  expect(second.stdout).toMatch(/In order: a server runs; its file is loaded; it is active; it is due\./);
  expect(await project.json<Answer>(['tasks', 'why', 'waits', 'each', '--run', 'first'])).toMatchObject({
    waiting: [{ state: 'success', reasons: [{ kind: 'finished', fact: 'It has ended: success.' }] }],
  });
  // What it proposes is done as it stands there.
  const proposed = /npx millrace (runs mark .*)/.exec(stdout)![1]!.split(' ');
  expect((await project.run(proposed)).code).toBe(0);
  await server.line(/waits +run +first +success/);
  expect(await project.run(['runs', 'why', 'waits', 'first'])).toMatchObject({ code: 0, stdout: 'Nothing waits.\n' });
  // The second run's body would hold up a stop.
  await server.kill('SIGKILL');
});

it.each([
  [['tasks', 'why', 'waits', 'hald'], "Did you mean 'hold'"],
  [['tasks', 'why', 'waits', 'hold', '--run', 'frist'], "Did you mean 'first'"],
  [['tasks', 'why', 'waits', 'hold', '--run', 'first', '--map-index', '3'], 'hold has no instance 3'],
  [['runs', 'why', 'wait'], "Did you mean 'waits'"],
])('%j says what was meant', async (args, message) => {
  expect(await project.run(args)).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining(message) });
});
