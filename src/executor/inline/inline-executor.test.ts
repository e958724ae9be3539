import { pipeline, suiteFlow } from '../../../test/executors/pipeline.ts';
import { systemClock } from '../../model/clock.ts';
import { memoryObjects } from '../../objects/memory.ts';
import { drawnWorkflow } from '../../sdk/dag.ts';
import { executorSuite } from '../conformance/suite.ts';
import { InlineExecutor } from './inline-executor.ts';

const workflow = drawnWorkflow(pipeline);
const flow = drawnWorkflow(suiteFlow);

executorSuite('inline', {
  spec: workflow.spec,
  flow: flow.spec,
  async make() {
    const objects = memoryObjects(systemClock);
    const executor = new InlineExecutor({
      clock: systemClock,
      objects,
      workflows: ({ hash }) => (hash === 'bundle' ? [workflow, flow] : undefined),
      graceMs: 50,
      inlineLimit: 1024,
    });
    return { executor, objects, bundle: { hash: 'bundle', path: '' } };
  },
});
