import { type AnyFlow, allowFailure, flow, task } from 'millrace';
import { expect, it } from 'vitest';
import { VirtualClock } from '../../engine/testing/virtual-clock.ts';
import { orderFor, submission, valueInput } from '../../executor/conformance/probe.ts';
import type { StepReport } from '../../executor/executor.ts';
import { memoryObjects } from '../../objects/memory.ts';
import { drawnWorkflow } from '../../sdk/drawn.ts';
import { RunningAttempt } from '../run-attempt.ts';

/** One attempt of a flow, whose server is the test: it acknowledges when it likes. */
function attemptOf(made: AnyFlow, acknowledges = true) {
  const clock = new VirtualClock();
  const workflow = drawnWorkflow(made);
  const bundle = { hash: 'bundle', path: '' };
  const order = orderFor(workflow.spec, workflow.spec.id, { input: valueInput({}), flow: { recorded: 0 } });
  const { runs } = submission(workflow.spec, bundle, []);
  const steps: StepReport[] = [];
  const attempt: RunningAttempt = new RunningAttempt(order, runs[0]!, {
    clock,
    objects: memoryObjects(clock),
    inlineLimit: 1000,
    worker: 'test',
    load: () => workflow,
    transport: {
      log: () => {},
      progress: () => {},
      named: () => {},
      ask: async () => ({ journal: [] }),
      begun: () => {},
      stopping: () => {},
      steps: (_token, step) => {
        steps.push(step);
        if (acknowledges) queueMicrotask(() => attempt.acknowledgeSteps([step.number]));
      },
    },
  });
  const told = () => steps.map(({ name, state }) => `${name} ${state}`);
  return { attempt, clock, told };
}

const quick = task('quick', () => 1);

it('a flow that nobody acknowledges waits, and ends when it is told to stop', async () => {
  const { attempt, clock, told } = attemptOf(
    flow('waits', async () => {
      await quick();
      await quick();
    }),
    false,
  );
  await clock.settle();
  expect(told()).toEqual(['quick running', 'quick success']);
  attempt.stop({ kind: 'cancelled', reason: 'cancelled' });
  expect((await attempt.report).outcome).toEqual({ kind: 'cancelled', reason: 'cancelled' });
});

it('a worker that ends lets calls end that nearly have, and begins no others; the flow is lost whatever it makes of that', async () => {
  let finish = (): void => {};
  const nearly = task('nearly', () => new Promise<void>((resolve) => (finish = resolve)));
  const child = flow('child', async () => {
    await nearly();
    // What is refused looks like a failure to the code, which must not be taken at its word.
    return (await quick().catch(() => undefined)) ?? 'wrong';
  });
  const { attempt, clock, told } = attemptOf(flow('ends', async () => allowFailure(child())));
  await clock.settle();
  attempt.stop({ kind: 'shutdown', detail: 'the worker was told to end' });
  finish();
  expect((await attempt.report).outcome).toMatchObject({ kind: 'lost', reason: 'worker_exited' });
  expect(told()).toEqual(['child running', 'child/0/nearly running', 'child/0/nearly success']);
});

it('a worker that ends after the last call does the flow no harm', async () => {
  let finish = (): void => {};
  const last = task('last', () => new Promise<number>((resolve) => (finish = () => resolve(7))));
  const { attempt, clock } = attemptOf(flow('done', async () => last()));
  await clock.settle();
  attempt.stop({ kind: 'shutdown', detail: 'the worker was told to end' });
  finish();
  expect((await attempt.report).outcome).toMatchObject({ kind: 'success', output: { data: '[7]' } });
});

it("a flow's own time-out ends its calls, which stay on record as running", async () => {
  const hangs = task(
    'hangs',
    (_: void, { signal }) =>
      new Promise<never>((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
      }),
  );
  const slow = flow('slow', async () => void (await Promise.allSettled([hangs(), quick()])), { timeout: '5s' });
  const clocked = attemptOf(slow);
  // The order carries the time-out of the spec.
  expect(drawnWorkflow(slow).spec.tasks[0]?.timeout).toBe(5000);
  await clocked.clock.settle();
  clocked.attempt.stop({ kind: 'timeout', timeoutMs: 5000 });
  expect((await clocked.attempt.report).outcome).toMatchObject({ kind: 'failed', reason: 'timeout' });
  expect(clocked.told()).toEqual(['hangs running', 'quick running', 'quick success']);
});
