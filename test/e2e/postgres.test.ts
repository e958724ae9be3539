import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LogEntry, type Millrace, startMillrace } from '../../src/cli/server/index.ts';
import { decodeValue } from '../../src/model/value.ts';
import type { RunRow } from '../../src/store/rows.ts';
import { type PostgresServer, startPostgres } from '../../src/testing/postgres-server.ts';
import { ProjectFolder } from '../project-folder.ts';

const CHAIN = 40;
const WIDE = 300;
/** Of these the first end at once, the others when the test says so. */
const FREE = 50;

const PIPELINES = `
  import { appendFileSync, existsSync } from 'node:fs';
  import { dag, flow, task } from 'millrace';
  const add = task('add', ({ n }: { n: number }) => n + 1);
  export const chain = dag('chain', { schedule: null }, () => {
    let last = add({ n: 0 });
    for (let step = 1; step < ${CHAIN}; step++) last = add.with({ name: 'add_' + step })({ n: last });
  });
  const list = task('list', () => Array.from({ length: ${WIDE} }, (_, n) => n));
  const mark = task('mark', async ({ n }: { n: number }) => {
    while (n >= ${FREE} && !existsSync(process.env.GATE!)) await new Promise((resolve) => setTimeout(resolve, 5));
    appendFileSync(process.env.MARKS!, n + '\\n');
    return n;
  });
  const sum = task('sum', ({ all }: { all: Iterable<number> }) => [...all].reduce((a, b) => a + b, 0));
  export const wide = dag('wide', { schedule: null }, () => { sum({ all: mark.expand({ n: list() }) }); });
  const half = task('half', (n: number) => n / 2);
  export const calls = flow('calls', async () => {
    const halves = await Promise.all([2, 4, 6].map((n) => half(n)));
    return halves.reduce((a, b) => a + b, 0);
  });
`;

let postgres: PostgresServer;
let project: ProjectFolder;
let uri: string;

beforeAll(async () => {
  postgres = await startPostgres();
  uri = await postgres.createDatabase('millrace');
  project = await ProjectFolder.make({
    'package.json': '{ "type": "module", "private": true }\n',
    'pipelines/some.ts': PIPELINES,
  });
  process.env.MARKS = project.file('marks');
  process.env.GATE = project.file('gate');
});

afterAll(async () => {
  await project?.remove();
  await postgres?.stop();
});

async function serving<T>(body: (millrace: Millrace) => Promise<T>): Promise<T> {
  const errors: string[] = [];
  const log = ({ level, message }: LogEntry) => {
    if (level === 'error') errors.push(message);
  };
  const millrace = await startMillrace({ home: project.home, store: uri, workers: 1, log });
  expect(errors).toEqual([]);
  try {
    return await body(millrace);
  } finally {
    await millrace.stop();
  }
}

async function marks(): Promise<number[]> {
  return (await readFile(project.file('marks'), 'utf8')).trim().split('\n').map(Number);
}

async function marked(count: number): Promise<void> {
  while ((await marks()).length < count);
}

/** What the last task of a run gave. */
async function lastOutput(millrace: Millrace, run: RunRow): Promise<unknown> {
  const outputs = await millrace.store.queries.outputs(run.id);
  const { value } = outputs.reduce((a, b) => (b.task > a.task ? b : a));
  return value.kind === 'inline' ? decodeValue(value.data) : value;
}

test('a chain, each task with what the one before gave, by real workers', () =>
  serving(async (millrace) => {
    const run = await millrace.waitForRun(await millrace.trigger({ workflow: 'chain' }));
    expect(run.state).toBe('success');
    expect(await lastOutput(millrace, run)).toBe(CHAIN);
  }));

test('a flow and its calls', () =>
  serving(async (millrace) => {
    const run = await millrace.waitForRun(await millrace.trigger({ workflow: 'calls' }));
    expect(run.state).toBe('success');
    const [flow] = (await millrace.store.queries.outputs(run.id)).filter(({ task }) => task === 0);
    expect(flow!.value.kind === 'inline' && decodeValue(flow!.value.data)).toBe(6);
    expect(await millrace.store.queries.instances(run.id)).toHaveLength(4);
  }));

test('mapped tasks go on over a restart of the database, and each runs once', () =>
  serving(async (millrace) => {
    const run = await millrace.trigger({ workflow: 'wide' });
    const ended = millrace.waitForRun(run);
    for await (const event of millrace.watchRun(run)) {
      if (event.kind === 'task' && event.task === 'mark' && event.state === 'success') break;
    }
    const resume = await postgres.interrupt();
    // What runs ends while the database is away.
    await project.write('gate', '');
    await marked(FREE + 1);
    await resume();
    expect((await ended).state).toBe('success');
    expect(await lastOutput(millrace, run)).toBe((WIDE * (WIDE - 1)) / 2);
    expect((await marks()).sort((a, b) => a - b)).toEqual(Array.from({ length: WIDE }, (_, n) => n));
  }));

test('the next server on the same database knows what there is, and runs it again', () =>
  serving(async (millrace) => {
    expect(await millrace.store.queries.runs({ states: ['success'] })).toHaveLength(3);
    const { run, how } = await millrace.ensureRun({ workflow: 'chain', runId: 'again' });
    expect(how).toBe('started');
    expect((await millrace.waitForRun(run)).state).toBe('success');
    const second = await millrace.ensureRun({ workflow: 'chain', runId: 'again' });
    expect(second.how).toBe('rerun');
    expect((await millrace.waitForRun(second.run)).state).toBe('success');
    expect((await millrace.store.queries.attempts(run.id)).length).toBe(2 * CHAIN);
  }));
