import { MillraceError } from '../model/errors.ts';
import type { ListedWorkflow, RunRow, VersionRow } from '../store/rows.ts';
import type { Sources } from './sources.ts';
import type { VersionCache } from './version-cache.ts';

export interface RunName {
  readonly dagId: string;
  readonly runId: string;
}

export interface FoundRun {
  readonly workflow: ListedWorkflow;
  readonly run: RunRow;
  readonly version: VersionRow;
}

/** Throws `not_found`. */
export async function workflowOf({ store }: Pick<Sources, 'store'>, name: string): Promise<ListedWorkflow> {
  const [workflow] = await store.readings.workflows({ name });
  if (!workflow) throw new MillraceError('not_found', `there is no workflow '${name}'`);
  return workflow;
}

/** A run with its workflow and version; throws `not_found`, which says which of them there is not. */
export async function runOf(
  { store }: Pick<Sources, 'store'>,
  versions: VersionCache,
  { dagId, runId }: RunName,
): Promise<FoundRun> {
  const workflow = await workflowOf({ store }, dagId);
  const run = await store.queries.runByRunId(workflow.id, runId);
  if (!run) throw new MillraceError('not_found', `${dagId} has no run '${runId}'`);
  return { workflow, run, version: await versions.get(store.queries, run.versionId) };
}
