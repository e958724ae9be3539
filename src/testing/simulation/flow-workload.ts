import { AsyncLocalStorage } from 'node:async_hooks';
import type { WorkflowSpec } from '../../model/spec.ts';
import { type DrawnWorkflow, drawnWorkflow } from '../../sdk/drawn.ts';
import { flow } from '../../sdk/flow.ts';
import { task } from '../../sdk/task.ts';
import type { Random } from './random.ts';
import { demand } from './violation.ts';

/** The worker process in which a body of a flow's call runs, as far as the body meets it. */
export interface FlowWorker {
  /** The run that the flow's attempt is of. */
  readonly run: number;
  /** A body of this call begins; returns how many have begun before, in whichever worker. */
  begin(call: string): number;
  /** Takes note of the rule's violation, if it throws one. */
  check(rule: () => void): void;
  /** Waits in virtual time; for ever, when the worker has died. */
  sleep(ms: number): Promise<void>;
}

/** Where a flow's code runs: the code itself is drawn once, and the same in every worker. */
export const onWorker = new AsyncLocalStorage<FlowWorker>();

export interface FlowPipeline {
  readonly spec: WorkflowSpec;
  readonly drawn: DrawnWorkflow;
}

interface Call {
  readonly name: string;
  readonly input: number;
  readonly ms: number;
  /** Tries that fail; 99: all. */
  readonly failures: number;
  readonly retries: number;
  readonly retryMs: number;
  /** Whether the flow's code goes on when the call fails. */
  readonly forgiven: boolean;
}

/**
 * Draws a flow: real code on the real SDK, whose calls follow one another and run beside each other, fail and are tried
 * again, are forgiven or not. What a call answers, also from the record, is checked by the code itself.
 */
export function drawFlow(
  random: Random,
  name: string,
  window: { readonly from: number; readonly to: number },
): FlowPipeline {
  const stages = Array.from({ length: random.int(1, 4) }, (_, stage) =>
    Array.from({ length: random.pick([1, 1, 2, 4]) }, (_, call) =>
      drawCall(random, `${name}-s${stage}-${random.chance(0.5) ? 'x' : call}`, stage * 10 + call),
    ),
  );
  const made = flow(name, async () => {
    for (const calls of stages) await Promise.all(calls.map(make));
    return stages.length;
  });
  const drawn = drawnWorkflow(made);
  const scheduled = random.chance(0.5);
  const spec: WorkflowSpec = {
    ...drawn.spec,
    schedule: scheduled ? { kind: 'cron', expressions: ['*/1 * * * *'], timezone: 'UTC' } : { kind: 'none' },
    startDate: window.from,
    endDate: window.to,
    catchup: random.chance(0.3),
    maxActiveRuns: random.pick([1, 2, 16]),
  };
  return { spec, drawn };
}

function drawCall(random: Random, name: string, input: number): Call {
  const failures = random.pick([0, 0, 0, 1, 2, 99]);
  return {
    name,
    input,
    ms: random.pick([0, 5, 500, 4000]),
    failures,
    retries: random.int(0, 3),
    retryMs: random.pick([0, 1000]),
    forgiven: random.chance(0.6),
  };
}

const FAILED = Symbol('failed');

async function make(call: Call): Promise<void> {
  const made = task(call.name, (input: number) => perform(call, input), {
    retries: call.retries,
    retryDelay: call.retryMs / 1000,
  });
  const answer = await (call.forgiven ? made(call.input).catch(() => FAILED) : made(call.input));
  onWorker
    .getStore()!
    .check(() =>
      demand(
        answer === FAILED || answer === call.input * 2,
        'answers of calls',
        () => `${call.name}(${call.input}) was answered ${String(answer)}`,
      ),
    );
}

async function perform({ name, ms, failures }: Call, input: number): Promise<number> {
  const worker = onWorker.getStore()!;
  const times = worker.begin(`${name}(${input})`);
  await worker.sleep(ms);
  if (times < failures) throw new Error('the script says so');
  return input * 2;
}
