import { MillraceError } from '../model/errors.ts';
import type { WorkflowSpec } from '../model/spec.ts';
import { nearest } from '../sdk/nearest.ts';
import type { RunRow, VersionRow, WorkflowRow } from '../store/rows.ts';
import type { Session } from './session.ts';

export type KnownWorkflow = WorkflowRow & { readonly spec: WorkflowSpec };

/** A workflow by its name. Throws `not_found` with the name that may have been meant. */
export async function workflowNamed(session: Session, name: string): Promise<KnownWorkflow> {
  const { queries } = await session.store();
  const workflow = await queries.workflow(name);
  if (workflow) return workflow;
  const known = (await queries.workflows({ present: true })).map((row) => row.name);
  throw new MillraceError('not_found', `there is no workflow '${name}'`, {
    fix: didYouMean(name, known, 'millrace dags list'),
  });
}

/** A run by its id, or the latest one when none is named. */
export async function runNamed(
  session: Session,
  name: string,
  runId: string | undefined,
): Promise<{ readonly workflow: KnownWorkflow; readonly run: RunRow; readonly version: VersionRow }> {
  const workflow = await workflowNamed(session, name);
  const { queries } = await session.store();
  const run =
    runId === undefined || runId === 'latest'
      ? (await queries.runs({ workflowId: workflow.id, limit: 1 }))[0]
      : await queries.runByRunId(workflow.id, runId);
  if (run) return { workflow, run, version: (await queries.version(run.versionId))! };
  const recent = (await queries.runs({ workflowId: workflow.id, limit: 100 })).map((row) => row.runId);
  if (runId === undefined || recent.length === 0) {
    throw new MillraceError('not_found', `${name} has no run yet`, { fix: `millrace dags trigger ${name}` });
  }
  throw new MillraceError('not_found', `${name} has no run '${runId}'`, {
    fix: didYouMean(runId, recent, `millrace runs list --dag ${name}`),
  });
}

/** The index of a task. Throws `not_found`. */
export function taskNamed(spec: WorkflowSpec, id: string): number {
  const index = spec.tasks.findIndex((task) => task.id === id);
  if (index >= 0) return index;
  const known = spec.tasks.map((task) => task.id);
  throw new MillraceError('not_found', `${spec.id} has no task '${id}'`, {
    fix: didYouMean(id, known, `millrace tasks list ${spec.id}`),
  });
}

export function didYouMean(written: string, known: readonly string[], list: string): string {
  const meant = nearest(written, known);
  return meant === undefined ? `See: ${list}` : `Did you mean '${meant}'? See: ${list}`;
}
