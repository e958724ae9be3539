// How many no-op attempts a second pass through the process executor, and what each costs the server's process.
// `node --conditions=millrace-source bench/executor.ts [workers] [attempts]`
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { orderFor, submission, valueInput } from '../src/executor/conformance/probe.ts';
import type { AttemptOrder, ExecutorEvents } from '../src/executor/executor.ts';
import { ProcessExecutor } from '../src/executor/process/process-executor.ts';
import { buildBundle } from '../src/loader/bundle.ts';
import { drawnWorkflow } from '../src/sdk/dag.ts';
import { pipeline } from '../test/executors/pipeline.ts';

const [workers = 1, total = 100_000] = process.argv.slice(2).map(Number);
const home = await mkdtemp(join(tmpdir(), 'millrace-bench-'));
const { spec } = drawnWorkflow(pipeline);
const file = fileURLToPath(new URL('../test/executors/pipeline.ts', import.meta.url));
const { bundle } = await buildBundle(file, join(home, '.millrace'));
const executor = new ProcessExecutor({ objects: join(home, 'objects'), size: workers });

const template = submission(spec, bundle, []);
const order = orderFor(spec, 'echo', { input: valueInput(42) });
let sent = 0;

/** Fills the room there is, as the dispatcher does, and resolves when `count` attempts have been reported. */
function attempts(count: number, atOnce: number): Promise<void> {
  return new Promise((resolve) => {
    let left = count;
    let unsent = count;
    const fill = () => {
      const room = Math.min(executor.free(), unsent, atOnce - (left - unsent));
      if (room <= 0) return;
      const orders: AttemptOrder[] = Array.from({ length: room }, () => ({ ...order, token: `token-${sent++}` }));
      unsent -= room;
      executor.submit({ ...template, orders });
    };
    events.report = (reports) => {
      left -= reports.length;
      if (left === 0) resolve();
      else fill();
    };
    fill();
  });
}

const events: ExecutorEvents = {
  report: () => {},
  log: () => {},
  named: () => {},
  steps: () => {},
  progress: () => {},
  ask: async () => ({ text: null }),
  capacity: () => {},
};
await executor.start(events);
await attempts(20_000, Number.POSITIVE_INFINITY);

const cpu = process.cpuUsage();
const begin = performance.now();
await attempts(total, Number.POSITIVE_INFINITY);
const seconds = (performance.now() - begin) / 1000;
const { user, system } = process.cpuUsage(cpu);
console.log(
  `${Math.round(total / seconds)} attempts/s through ${workers} worker(s), ${((seconds * 1e6) / total).toFixed(1)} us each; ` +
    `server ${((user + system) / total).toFixed(1)} us of processor each`,
);

const chain = 2000;
await attempts(500, 1);
const chained = performance.now();
await attempts(chain, 1);
console.log(`one after the other: ${(((performance.now() - chained) / chain) * 1000).toFixed(0)} us there and back`);
await executor.stop(0);
await rm(home, { recursive: true, force: true });
