import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll } from 'vitest';
import { pipeline, suiteFlow } from '../../../test/executors/pipeline.ts';
import { buildBundle } from '../../loader/bundle.ts';
import { folderObjects } from '../../objects/folder.ts';
import { drawnWorkflow } from '../../sdk/dag.ts';
import { executorSuite } from '../conformance/suite.ts';
import type { BundleRef } from '../executor.ts';
import { ProcessExecutor } from './process-executor.ts';

const { spec } = drawnWorkflow(pipeline);
const file = fileURLToPath(new URL('../../../test/executors/pipeline.ts', import.meta.url));
let home: string;
let bundle: BundleRef;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'millrace-'));
  ({ bundle } = await buildBundle(file, join(home, '.millrace')));
});
afterAll(() => rm(home, { recursive: true, force: true }));

executorSuite('process', {
  spec,
  flow: drawnWorkflow(suiteFlow).spec,
  async make() {
    const objects = join(home, 'objects');
    const executor = new ProcessExecutor({
      objects,
      size: 1,
      graceMs: 50,
      drainMs: 100,
      killMs: 100,
      inlineLimit: 1024,
    });
    return { executor, bundle, objects: folderObjects(objects) };
  },
});
