import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { customerDataPipeline } from '../../examples/customer-pipeline/pipeline.ts';
import { verifyRun } from '../../examples/customer-pipeline/verify.ts';
import { DEFAULT_LOGICAL_DATE, startWorld } from '../../examples/customer-pipeline/world.ts';
import type { World } from '../../examples/parts/world.ts';
import { drawnWorkflow } from '../../src/sdk/dag.ts';
import { runBody } from './task-body.ts';

let home: string;
let world: World;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'millrace-pipeline-'));
  world = await startWorld({ home, env: {}, faults: { slowMs: 0 } });
});

afterAll(async () => {
  await world.stop();
  rmSync(home, { recursive: true, force: true });
});

const runTask = (id: string, input?: unknown) =>
  runBody(customerDataPipeline, id, { input, env: world.env, date: DEFAULT_LOGICAL_DATE });

test('the graph is a chain of four', () => {
  const { spec } = drawnWorkflow(customerDataPipeline);
  const downstream = (index: number) => spec.tasks[index]?.downstream.map((at) => spec.tasks[at]?.id);
  const ids = spec.tasks.map(({ id }) => id);
  expect(ids).toEqual(['extract_customers', 'score_customers', 'load_to_warehouse', 'notify_slack']);
  expect(ids.map((_, index) => downstream(index))).toEqual([[ids[1]], [ids[2]], [ids[3]], []]);
});

test('the bodies, one after the other on the world: the first scoring meets a 503, everything is right in the end', async () => {
  const key = await runTask('extract_customers');
  expect(key).toBe('pipeline/customers/extracted/1998-07-01/data.parquet');
  await expect(runTask('score_customers', key)).rejects.toMatchObject({ code: 'http_status' });
  const scoredKey = await runTask('score_customers', key);
  expect(scoredKey).toBe('pipeline/customers/scored/1998-07-01/data.parquet');
  expect(await runTask('load_to_warehouse', scoredKey)).toBe(23_570);
  expect(await runTask('load_to_warehouse', scoredKey)).toBe(23_570);
  await runTask('notify_slack', 23_570);

  const found = await verifyRun({ env: world.env, logicalDate: DEFAULT_LOGICAL_DATE });
  expect(found.segments).toEqual({ low: 14_164, medium: 4332, high: 2495, critical: 2579 });
  expect(found.maxDifference).toBeLessThan(1e-9);
  expect(found.checksum).toBe(found.expectedChecksum);
  const columns = ['id', 'email', 'created_at', 'updated_at', 'lifetime_value'];
  expect(found.files).toEqual({
    [key as string]: { rows: 23_570, columns },
    [scoredKey as string]: { rows: 23_570, columns: [...columns, 'churn_probability', 'churn_segment'] },
  });
  const messages = world.places.find(({ what }) => what === 'Slack')!.where;
  const text = '✅ Customer scoring pipeline complete (1998-07-01): 23,570 customers scored';
  expect(await (await fetch(messages)).json()).toMatchObject({ messages: [{ channel: '#data-pipelines', text }] });
});
