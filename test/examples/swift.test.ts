import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { customerDataPipeline } from '../../examples/customer-pipeline/pipeline.ts';
import { verifyRun } from '../../examples/customer-pipeline/verify.ts';
import { DEFAULT_LOGICAL_DATE, startWorld } from '../../examples/customer-pipeline/world.ts';
import { missingForSwift, type Swift, startSwift } from '../../examples/parts/swift.ts';
import type { World } from '../../examples/parts/world.ts';
import { s3 } from '../../src/providers/s3/index.ts';
import { runBody } from './task-body.ts';

const installed = missingForSwift() === undefined;

let folder: string;
let lake: Swift;
let world: World;

const start = () => startSwift({ folder: join(folder, 'swift'), buckets: ['data-pipeline'] });

beforeAll(async () => {
  if (!installed) return;
  folder = mkdtempSync(join(tmpdir(), 'millrace-swift-'));
  lake = await start();
  const faults = { unavailable: 0, slow: 0 };
  world = await startWorld({ home: folder, env: { MILLRACE_CONN_AWS_DEFAULT: lake.uri }, faults });
});

afterAll(async () => {
  if (!installed) return;
  await world.stop();
  await lake.stop();
  rmSync(folder, { recursive: true, force: true });
});

// Skipped where Swift is not installed: scripts/install-swift.sh.
test.runIf(installed)('the pipeline on a real S3, which keeps its objects over a restart', async () => {
  const environment = () => ({ ...world.env, MILLRACE_CONN_AWS_DEFAULT: lake.uri });
  const run = (id: string, input?: unknown) =>
    runBody(customerDataPipeline, id, { input, env: environment(), date: DEFAULT_LOGICAL_DATE });
  const key = await run('extract_customers');
  await lake.stop();
  lake = await start();
  const scoredKey = await run('score_customers', key);
  expect(await run('load_to_warehouse', scoredKey)).toBe(23_570);
  const found = await verifyRun({ env: environment(), logicalDate: DEFAULT_LOGICAL_DATE });
  expect(found.maxDifference).toBeLessThan(1e-9);
  expect(found.checksum).toBe(found.expectedChecksum);
  expect(Object.values(found.files).map(({ rows }) => rows)).toEqual([23_570, 23_570]);
});

test.runIf(installed)('a wrong secret key is refused', async () => {
  const bucket = s3(lake.uri.replace(':testing@', ':guessed@')).bucket('data-pipeline');
  await expect(bucket.putParquet('pipeline/refused.parquet', [{ id: 1 }])).rejects.toThrow(/SignatureDoesNotMatch|403/);
});
