// What the loader, the runner and the tests take from the SDK: workflows as their code has them.
export { canonicalSpec } from './canonical.ts';
export { drawnWorkflow } from './dag.ts';
export { type DrawnWorkflow, type TaskCache, type TaskFunctions, taskCacheOf } from './drawn-workflow.ts';
export { captureWorkflows } from './registry.ts';
export { bodyOf, replaceBody } from './replacement.ts';
