import { afterAll, beforeAll, expect, it } from 'vitest';
import { Project } from './project.ts';

const PIPELINE = `
  import { existsSync } from 'node:fs';
  import { dag, task } from 'millrace';
  const revenue = task('revenue', (_: void, { ds, params, logicalDate }) => {
    if (ds === '1998-01-03' && !existsSync('mended')) throw new Error('no data on the third');
    return [ds, params, logicalDate];
  }, { retries: 0 });
  export const daily = dag('daily', { schedule: '@daily', startDate: '2100-01-01', params: { source: 'a' } }, () => { revenue(); });
`;

interface Data {
  readonly id: number;
  readonly status: string;
  readonly slots: number;
  readonly progress: Readonly<Record<string, number>>;
  readonly dates: readonly {
    readonly logicalDate: string;
    readonly outcome: string;
    readonly runId: string;
    readonly state: string;
  }[];
}

let project: Project;
beforeAll(async () => {
  project = await Project.make({ 'pipelines/daily.ts': PIPELINE });
});
afterAll(() => project.remove());

const WINDOW = ['daily', '--from', '1998-01-01', '--to', '1998-01-05'];

it('says what it would do, does it, and does again what failed', async () => {
  const server = await project.serve(['dev']);
  const preview = await project.json<{ logicalDate: string; plan: string }[]>(['backfill', 'preview', ...WINDOW]);
  expect(preview.map(({ logicalDate, plan }) => [logicalDate.slice(0, 10), plan])).toEqual(
    ['01', '02', '03', '04', '05'].map((day) => [`1998-01-${day}`, 'create']),
  );
  expect(await project.json(['runs', 'list'])).toEqual([]);

  const made = await project.run(['backfill', 'create', ...WINDOW, '--limit', '2', '--wait', '--json']);
  expect(made.code).toBe(1);
  const first = JSON.parse(made.stdout) as Data;
  expect(first).toMatchObject({ status: 'completed', slots: 5, progress: { success: 4, failed: 1 } });

  await project.write({ mended: '' });
  const again = await project.run([
    ...['backfill', 'create', ...WINDOW, '--reprocess', 'failed', '--reverse', '--wait', '--conf', '{"source":"b"}'],
  ]);
  expect(again).toMatchObject({ code: 0, stdout: expect.stringMatching(/is over: 4 exists, 1 success|1 success/) });
  const shown = await project.json<Data>(['backfill', 'show', 'daily']);
  expect(shown.dates.map(({ logicalDate, outcome }) => [logicalDate.slice(8, 10), outcome])).toEqual([
    ['05', 'exists'],
    ['04', 'exists'],
    ['03', 'cleared'],
    ['02', 'exists'],
    ['01', 'exists'],
  ]);
  const { runId } = shown.dates[2]!;
  expect(runId).toMatch(/^backfill__1998-01-0/);
  expect(await project.json(['runs', 'show', 'daily', runId])).toMatchObject({
    type: 'backfill',
    state: 'success',
    conf: { source: 'b' },
    logicalDate: '1998-01-03T00:00:00.000Z',
    instances: [{ attempts: [{ outcome: 'failed' }, { outcome: 'success' }] }],
  });
  const list = await project.json<Data[]>(['backfill', 'list']);
  expect(list.map(({ id, status }) => [id, status])).toEqual([
    [2, 'completed'],
    [1, 'completed'],
  ]);
  expect(await server.kill('SIGTERM')).toBe(0);
});

it('without a server is made all the same, one at a time, and can be paused and cancelled', async () => {
  const window = ['daily', '--from', '1999-01-01', '--to', '1999-01-20', '--limit', '3'];
  const made = await project.run(['backfill', 'create', ...window, '--json']);
  expect(made).toMatchObject({ code: 0, stderr: expect.stringContaining('No server runs on this store') });
  const { id, progress } = JSON.parse(made.stdout) as Data;
  expect(progress).toEqual({ running: 3, queued: 17 });
  const second = await project.run(['backfill', 'create', ...window]);
  expect(second).toMatchObject({ code: 1, stderr: expect.stringContaining('error[conflict]') });
  expect(second.stderr).toContain(`(${id})`);

  expect(await project.json(['backfill', 'pause', 'daily'])).toEqual({ id, changed: true });
  expect(await project.json<Data>(['backfill', 'show', String(id)])).toMatchObject({ status: 'paused' });
  expect(await project.json(['backfill', 'unpause', String(id)])).toEqual({ id, changed: true });
  const cancelled = await project.json<Data>(['backfill', 'cancel', 'daily']);
  expect(cancelled).toMatchObject({ status: 'cancelled', changed: true, progress: { running: 3, cancelled: 17 } });
  const server = await project.serve(['start']);
  const third = await project.run(['backfill', 'create', ...window, '--reprocess', 'failed', '--wait', '--json']);
  const { status, slots } = JSON.parse(third.stdout) as Data;
  expect([third.code, status, slots]).toEqual([0, 'completed', 20]);
  await server.kill('SIGTERM');
});

it.each([
  [['backfill', 'create', 'daily', '--from', '1998-01-05', '--to', '1998-01-01'], 2, 'after the last'],
  [['backfill', 'create', 'daily', '--from', '2099-01-01', '--to', '2099-02-01'], 2, 'in the future'],
  [['backfill', 'create', 'daily', '--from', 'soon', '--to', '1998-01-01'], 2, '--from'],
  [['backfill', 'create', 'daily', '--from', '1998-01-01'], 2, '--to'],
  [
    ['backfill', 'preview', 'daily', '--from', '1998-01-01', '--to', '1998-01-02', '--reprocess', 'all'],
    2,
    'completed',
  ],
  [['backfill', 'create', 'dialy', '--from', '1998-01-01', '--to', '1998-01-02'], 1, "Did you mean 'daily'"],
  [['backfill', 'cancel', '99'], 1, 'there is no backfill 99'],
  [['backfill', 'show', 'dialy'], 1, "Did you mean 'daily'"],
])('%s ends with %i', async (args, code, message) => {
  const ended = await project.run(args);
  expect([ended.code, ended.stderr]).toEqual([code, expect.stringContaining(message)]);
});
