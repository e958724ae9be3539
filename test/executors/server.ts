// A server process for the test that kills it: runs tasks of the suite in workers until it dies, at the latest with the
// test itself, which holds its stdin open.
// Arguments: bundle hash and path, folder for objects, socket, names of tasks.

import { orderFor, Probe, submission, valueInput } from '../../src/executor/conformance/probe.ts';
import { ProcessExecutor } from '../../src/executor/process/process-executor.ts';
import { drawnWorkflow } from '../../src/sdk/dag.ts';
import { pipeline } from './pipeline.ts';

const [hash = '', path = '', objects = '', socket = '', ...tasks] = process.argv.slice(2);
process.stdin.on('end', () => process.exit()).resume();
const { spec } = drawnWorkflow(pipeline);
const executor = new ProcessExecutor({ objects, size: tasks.length, concurrency: 1 });
const probe = new Probe();
await executor.start(probe);
// One worker for each task, so that none of them can block another.
await probe.until(() => executor.free() >= tasks.length);
const orders = tasks.map((task) => orderFor(spec, task, { input: valueInput(socket) }));
for (const order of orders) executor.submit(submission(spec, { hash, path }, [order]));
