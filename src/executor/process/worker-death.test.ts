import { spawn } from 'node:child_process';
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
let executor: ProcessExecutor;

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
afterEach(async () => {
  await executor.stop(0);
  presence.close();
});

async function startExecutor(options: Partial<ProcessExecutorOptions> = {}): Promise<void> {
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
}

function send(taskId: string, rest: Partial<AttemptOrder> = {}): string {
  const order = orderFor(spec, taskId, rest);
  executor.submit(submission(spec, bundle, [order]));
  return order.token;
}

const outcomeOf = async (token: string): Promise<Outcome> => (await probe.reported(token)).outcome;

async function pidOfWorker(): Promise<unknown> {
  const outcome = await outcomeOf(send('pid'));
  return outcome.kind === 'success' && outcome.output?.kind === 'inline' && decodeValue(outcome.output.data);
}

describe('a worker that dies', () => {
  it('by SIGKILL: all it had is lost with the reason in its log, and it is replaced', async () => {
    await startExecutor();
    const before = await pidOfWorker();
    const neighbour = send('waits_for_gate');
    await probe.asked(neighbour);
    const culprit = send('kills_itself');
    for (const token of [neighbour, culprit]) {
      expect(await outcomeOf(token)).toMatchObject({ kind: 'lost', reason: 'killed' });
      expect(await probe.logged(token, 'lost: the worker process was killed by SIGKILL')).toMatchObject({
        source: 'millrace',
        level: 'error',
      });
    }
    expect(await pidOfWorker()).not.toBe(before);
  });

  it('by exiting: code and last words are told', async () => {
    await startExecutor();
    const outcome = await outcomeOf(send('exits_for_real'));
    expect(outcome).toMatchObject({ kind: 'lost', reason: 'worker_exited' });
    expect(outcome).toMatchObject({ detail: expect.stringMatching(/exited with code 7/) });
  });

  it('by its memory: told apart from a kill, shared or alone', async () => {
    await startExecutor({ memory: 64 });
    expect(await outcomeOf(send('eats'))).toMatchObject({
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
    expect((await outcomeOf(send('answer'))).kind).toBe('success');
  });

  it('in an endless loop that is cancelled: it ends as cancelled', async () => {
    await startExecutor();
    const token = send('spins', { input: valueInput(presence.path) });
    await presence.joined('spins');
    executor.cancel(token, 'run_ended');
    expect(await outcomeOf(token)).toEqual({ kind: 'cancelled', reason: 'run_ended' });
    await presence.left('spins');
  });

  it('beside a neighbour that ends in time: the neighbour succeeds', async () => {
    let open = (): void => {};
    const gate = new Promise<{ text: string }>((resolve) => {
      open = () => resolve({ text: 'open' });
    });
    probe = new Probe((question) => (question.kind === 'variable' ? gate : { text: null }));
    await startExecutor({ drainMs: 60_000 });
    const neighbour = send('waits_for_gate');
    await probe.asked(neighbour);
    const token = send('stays', { input: valueInput(presence.path) });
    await presence.joined('stays');
    executor.cancel(token, 'cancelled');
    await probe.logged(token, 'did not stop');
    // The worker is draining; another one has taken its place.
    expect((await outcomeOf(send('answer'))).kind).toBe('success');
    open();
    expect((await outcomeOf(neighbour)).kind).toBe('success');
    expect(await outcomeOf(token)).toEqual({ kind: 'cancelled', reason: 'cancelled' });
  });

  it('in a process of its own: everything that it started ends with it', async () => {
    await startExecutor();
    const token = send('starts_child', { isolation: 'process', input: valueInput(presence.path) });
    await presence.joined('child');
    await presence.joined('starts_child');
    executor.cancel(token, 'cancelled');
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
  await startExecutor();
  const tasks = ['spins', 'stays', 'starts_child'];
  const args = [bundle.hash, bundle.path, join(home, 'objects'), presence.path, ...tasks];
  const server = spawn(
    process.execPath,
    ['--conditions=millrace-source', '--disable-warning=ExperimentalWarning', serverFile, ...args],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  for (const name of [...tasks, 'child']) await presence.joined(name);
  server.kill('SIGKILL');
  for (const name of [...tasks, 'child']) await presence.left(name);
});
