import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { pipeline } from '../../../test/executors/pipeline.ts';
import { Presence } from '../../../test/executors/presence.ts';
import { buildBundle } from '../../loader/bundle.ts';
import { decodeValue } from '../../model/value.ts';
import { drawnWorkflow } from '../../sdk/dag.ts';
import { orderFor, Probe, submission, valueInput } from '../conformance/probe.ts';
import type { AttemptOrder, BundleRef, Outcome } from '../executor.ts';
import { ProcessExecutor, type ProcessExecutorOptions } from './process-executor.ts';

const { spec } = drawnWorkflow(pipeline);
const file = fileURLToPath(new URL('../../../test/executors/pipeline.ts', import.meta.url));
const serverFile = fileURLToPath(new URL('../../../test/executors/server.ts', import.meta.url));

let home: string;
let bundle: BundleRef;
let presence: Presence;
let probe: Probe;
let executor: ProcessExecutor | undefined;
let server: ChildProcess | undefined;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'millrace-'));
  ({ bundle } = await buildBundle(file, join(home, '.millrace')));
});
afterAll(() => rm(home, { recursive: true, force: true }));

let sockets = 0;
beforeEach(async () => {
  presence = await Presence.listen(join(home, `presence-${++sockets}`));
  probe = new Probe((question) => (question.kind === 'variable' ? new Promise(() => {}) : { text: null }));
});
// Whatever a test left behind when it failed ends here; one that passes leaves nothing.
afterEach(async ({ task }) => {
  server?.kill('SIGKILL');
  await executor?.stop(0);
  server = executor = undefined;
  const left = await presence.close();
  if (task.result?.state !== 'fail') expect(left).toEqual([]);
});

async function startExecutor(options: Partial<ProcessExecutorOptions> = {}): Promise<ProcessExecutor> {
  executor = new ProcessExecutor({
    objects: join(home, 'objects'),
    size: 1,
    graceMs: 50,
    drainMs: 200,
    killMs: 100,
    blockedMs: 200,
    output: () => {},
    ...options,
  });
  await executor.start(probe);
  return executor;
}

function send(taskId: string, rest: Partial<AttemptOrder> = {}): string {
  const order = orderFor(spec, taskId, rest);
  executor?.submit(submission(spec, bundle, [order]));
  return order.token;
}

const outcomeOf = async (token: string): Promise<Outcome> => (await probe.reported(token)).outcome;

async function pidOfWorker(): Promise<unknown> {
  const outcome = await outcomeOf(send('pid'));
  return outcome.kind === 'success' && outcome.output?.kind === 'inline' && decodeValue(outcome.output.data);
}

const SAID_BY_MILLRACE = { source: 'millrace', level: 'error' };

describe('a worker that dies', () => {
  it('by SIGKILL: all it had is lost with the reason in its log, and it is replaced', async () => {
    await startExecutor();
    const before = await pidOfWorker();
    const neighbour = send('waits_for_gate');
    await probe.asked(neighbour);
    const culprit = send('kills_itself');
    for (const token of [neighbour, culprit]) {
      expect(await outcomeOf(token)).toMatchObject({ kind: 'lost', reason: 'killed' });
      expect(await probe.logged(token, 'lost: the worker process was killed by SIGKILL')).toMatchObject(
        SAID_BY_MILLRACE,
      );
    }
    expect(await pidOfWorker()).not.toBe(before);
  });

  it('by exiting: code and last words are told', async () => {
    await startExecutor();
    const token = send('exits_for_real');
    expect(await outcomeOf(token)).toMatchObject({
      kind: 'lost',
      reason: 'worker_exited',
      detail: expect.stringMatching(/exited with code 7/),
    });
    expect(await probe.logged(token, 'lost: the worker process exited with code 7')).toMatchObject(SAID_BY_MILLRACE);
  });

  it('by its memory: told apart from a kill, shared or alone', async () => {
    await startExecutor({ memory: 64 });
    const shared = send('eats');
    expect(await outcomeOf(shared)).toMatchObject({
      kind: 'lost',
      reason: 'out_of_memory',
      detail: expect.stringContaining('64 MiB'),
    });
    const alone = send('eats', { isolation: 'process', memory: 48 });
    expect(await outcomeOf(alone)).toMatchObject({
      kind: 'lost',
      reason: 'out_of_memory',
      detail: expect.stringContaining('48 MiB'),
    });
    for (const token of [shared, alone]) {
      expect(await probe.logged(token, 'ran out of memory')).toMatchObject(SAID_BY_MILLRACE);
    }
  });

  it('at every start: start() says why', async () => {
    await expect(startExecutor({ memory: 1 })).rejects.toMatchObject({ code: 'worker_lost' });
  });
});

describe('a body that does not stop', () => {
  it('in an endless loop with a time-out: it ends as that, its neighbour is lost, and the worker is replaced', async () => {
    await startExecutor();
    const neighbour = send('waits_for_gate');
    await probe.asked(neighbour);
    const token = send('spins', { timeout: 100, input: valueInput(presence.path) });
    expect(await outcomeOf(token)).toMatchObject({ kind: 'failed', reason: 'timeout' });
    expect(await outcomeOf(neighbour)).toMatchObject({ kind: 'lost', reason: 'worker_exited' });
    await presence.left('spins');
    expect(await probe.logged(token, 'did not stop within 50 ms')).toMatchObject({ source: 'millrace', level: 'warn' });
    expect(await probe.logged(neighbour, "lost: the body of 'spins' blocks the event loop")).toMatchObject(
      SAID_BY_MILLRACE,
    );
    expect((await outcomeOf(send('answer'))).kind).toBe('success');
  });

  it('in an endless loop that is cancelled: it ends as cancelled', async () => {
    const running = await startExecutor();
    const token = send('spins', { input: valueInput(presence.path) });
    await presence.joined('spins');
    running.cancel(token, 'run_ended');
    expect(await outcomeOf(token)).toEqual({ kind: 'cancelled', reason: 'run_ended' });
    expect(await probe.logged(token, 'did not stop within 50 ms')).toMatchObject({ source: 'millrace', level: 'warn' });
    await presence.left('spins');
  });

  it('in an endless loop in a process of its own: its time-out ends that process, and the others go on', async () => {
    await startExecutor();
    const before = await pidOfWorker();
    const token = send('spins', { timeout: 100, isolation: 'process', input: valueInput(presence.path) });
    expect(await outcomeOf(token)).toMatchObject({ kind: 'failed', reason: 'timeout' });
    await presence.left('spins');
    expect(await pidOfWorker()).toBe(before);
  });

  it('in an endless loop when the server stops: it is lost', async () => {
    const running = await startExecutor();
    const token = send('spins', { input: valueInput(presence.path) });
    await presence.joined('spins');
    await running.stop(0);
    expect(await outcomeOf(token)).toMatchObject({ kind: 'lost', reason: 'worker_exited' });
    expect(await probe.logged(token, 'lost: the server stopped')).toMatchObject(SAID_BY_MILLRACE);
    await presence.left('spins');
  });

  it('beside a neighbour that ends in time: the neighbour succeeds', async () => {
    let open = (): void => {};
    const gate = new Promise<{ text: string }>((resolve) => {
      open = () => resolve({ text: 'open' });
    });
    probe = new Probe((question) => (question.kind === 'variable' ? gate : { text: null }));
    const running = await startExecutor({ drainMs: 60_000 });
    const neighbour = send('waits_for_gate');
    await probe.asked(neighbour);
    const token = send('stays', { input: valueInput(presence.path) });
    await presence.joined('stays');
    running.cancel(token, 'cancelled');
    await probe.logged(token, 'did not stop');
    // The worker is draining; another one has taken its place.
    expect((await outcomeOf(send('answer'))).kind).toBe('success');
    open();
    expect((await outcomeOf(neighbour)).kind).toBe('success');
    expect(await outcomeOf(token)).toEqual({ kind: 'cancelled', reason: 'cancelled' });
  });

  it('in a process of its own: everything that it started ends with it', async () => {
    const running = await startExecutor();
    const token = send('starts_child', { isolation: 'process', input: valueInput(presence.path) });
    await presence.joined('child');
    await presence.joined('starts_child');
    running.cancel(token, 'cancelled');
    expect(await outcomeOf(token)).toEqual({ kind: 'cancelled', reason: 'cancelled' });
    await presence.left('child');
    await presence.left('starts_child');
  });
});

describe('a worker that goes on', () => {
  it('after a rejection that nobody handles, long after the body has ended', async () => {
    await startExecutor();
    const before = await pidOfWorker();
    const token = send('leaves_rejection');
    expect((await outcomeOf(token)).kind).toBe('success');
    expect(await probe.logged(token, 'nobody handled it')).toMatchObject({ source: 'millrace', level: 'warn' });
    expect(await pidOfWorker()).toBe(before);
  });

  it('with attempts in processes of their own beside it', async () => {
    await startExecutor({ isolatedSize: 1 });
    const shared = await pidOfWorker();
    const pids = await Promise.all(
      [1, 2].map(async () => {
        const outcome = await outcomeOf(send('pid', { isolation: 'process' }));
        return outcome.kind === 'success' && outcome.output?.kind === 'inline' && decodeValue(outcome.output.data);
      }),
    );
    expect(new Set([shared, ...pids]).size).toBe(3);
  });

  it('without the variables of the server in its environment', async () => {
    await startExecutor({ env: { ...process.env, MILLRACE_DATABASE_URL: 'postgres://x', OTHER: '1' } });
    const outcome = await outcomeOf(send('environment'));
    expect(outcome).toMatchObject({ output: { data: '[[]]' } });
  });
});

it('ends with its server, killed at once, whatever its bodies do', async () => {
  const tasks = ['spins', 'stays', 'starts_child'];
  const args = [bundle.hash, bundle.path, join(home, 'objects'), presence.path, ...tasks];
  server = spawn(
    process.execPath,
    ['--conditions=millrace-source', '--disable-warning=ExperimentalWarning', serverFile, ...args],
    { stdio: ['pipe', 'ignore', 'inherit'] },
  );
  for (const name of [...tasks, 'child']) await presence.joined(name);
  server.kill('SIGKILL');
  for (const name of [...tasks, 'child']) await presence.left(name);
});
