// What the loader, the runner and the tests take from the SDK: workflows as their code has them.
export { canonicalSpec, type Difference, firstDifference } from './canonical.ts';
export { drawnWorkflow } from './dag.ts';
export { type DrawnWorkflow, type Skip, type TaskCache, type TaskFunctions, taskCacheOf } from './drawn-workflow.ts';
export type { ParamIssue, ParsedParams } from './parsed-params.ts';
export { captureWorkflows } from './registry.ts';
export { bodyOf, replaceBody } from './replacement.ts';
export type { RetryDecision } from './retry-decision.ts';
