// The worker process of the thin engine: runs a body, reports, one message a turn of the event loop each way.
import type { ThinOrder, ThinReport, ThinStep } from './thin-store.ts';

export type ToThinWorker =
  | { readonly kind: 'orders'; readonly orders: readonly ThinOrder[] }
  | { readonly kind: 'steps'; readonly tasks: readonly number[] };

export interface FromThinWorker {
  readonly reports: readonly ThinReport[];
  readonly steps: readonly ThinStep[];
}

const fibo = (n: number): number => (n < 2 ? n : fibo(n - 1) + fibo(n - 2));
const waiting = new Map<number, () => void>();
let reports: ThinReport[] = [];
let steps: ThinStep[] = [];
let scheduled = false;

function schedule(): void {
  if (scheduled) return;
  scheduled = true;
  setImmediate(() => {
    scheduled = false;
    process.send!({ reports, steps } satisfies FromThinWorker);
    reports = [];
    steps = [];
  });
}

/** A call of a flow: the caller goes on when the call is durable. */
function step(order: ThinOrder, task: number): Promise<void> {
  const startedAt = Date.now();
  const output = String(fibo(10));
  const { run } = order;
  steps.push({ run, task, name: 'step', attempt: 1, output, startedAt, endedAt: Date.now() });
  schedule();
  return new Promise((resolve) => waiting.set(task, resolve));
}

const bodies: Record<string, (order: ThinOrder) => unknown> = {
  fibo: () => fibo(10),
  nothing: () => undefined,
  clock: () => process.hrtime.bigint(),
  async flow_chain40(order) {
    for (let task = 1; task <= 40; task++) await step(order, task);
  },
  async flow_parallel400(order) {
    await Promise.all(Array.from({ length: 400 }, (_, task) => step(order, task + 1)));
  },
};

async function run(order: ThinOrder): Promise<void> {
  const startedAt = Date.now();
  const given = await bodies[order.body]!(order);
  const { token, run, task, attempt } = order;
  const output = given === undefined ? null : String(given);
  reports.push({ token, run, task, attempt, output, startedAt, endedAt: Date.now() });
  schedule();
}

process.on('message', (message) => {
  const told = message as ToThinWorker;
  if (told.kind === 'orders') for (const order of told.orders) void run(order);
  else for (const task of told.tasks) waiting.get(task)?.();
});
process.on('disconnect', () => process.exit(0));
process.send!({ reports: [], steps: [] } satisfies FromThinWorker);
