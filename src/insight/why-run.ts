import { limitKeys } from '../engine/limits.ts';
import { timetableFor } from '../timetable/timetable-for.ts';
import { iso } from './iso.ts';
import { many } from './many.ts';
import type { FoundRun } from './run-of.ts';
import { withHeads } from './shown-workflows.ts';
import type { Sources } from './sources.ts';
import { pausedReason } from './why-limit.ts';
import { because, type Reason, remedyOf } from './why-reason.ts';

const HOLDERS = 5;

/** What keeps a run from starting, or a workflow from being worked on. */
export async function runReasons(
  sources: Sources,
  found: FoundRun,
): Promise<{ readonly reasons: Reason[]; readonly passing: string[] }> {
  const { workflow, run } = found;
  const checks: (Reason | string)[] = [await serverCheck(sources), await fileCheck(sources, found)];
  checks.push(workflow.paused ? pausedReason(workflow.name, null) : 'it is active');
  if (run.state !== 'queued') checks.push('the run is running');
  else {
    checks.push(dueCheck(sources, found));
    const place = run.backfillId === null ? await ofWorkflow(sources, found) : await ofBackfill(sources, found);
    if (place !== null) checks.push(place);
  }
  return {
    reasons: checks.filter((check) => typeof check !== 'string'),
    passing: checks.filter((check) => typeof check === 'string'),
  };
}

/** A reason, or what is in order in words. */
type Check = Reason | string;

async function serverCheck({ store, clock }: Sources): Promise<Check> {
  const alive = (await store.readings.servers()).filter(({ leaseUntil }) => leaseUntil > clock.now());
  if (alive.length > 0) return alive.length === 1 ? 'a server runs' : `${alive.length} servers run`;
  return because('no_worker', 'No server runs on this store.', {
    needs: 'Nothing starts until one does.',
    remedies: [remedyOf('start_workers', 'Start one', { command: 'npx millrace start' })],
  });
}

async function fileCheck({ store }: Sources, { workflow: { name, file, present } }: FoundRun): Promise<Check> {
  if (present) return 'its file is loaded';
  const error = (await store.readings.importErrors()).find((each) => each.file === file);
  const line = error?.line ? ` (line ${error.line})` : '';
  return because('not_loaded', `No pipeline file defines ${name} any more.`, {
    needs: error
      ? `${file} cannot be read${line}: ${error.message}`
      : `It goes on when ${file}, or another file, defines it again.`,
  });
}

function dueCheck({ clock }: Sources, { run }: FoundRun): Check {
  if (run.runAfter <= clock.now()) return 'it is due';
  return because('not_due', 'It is not due yet.', { until: iso(run.runAfter), remedies: [remedyOf('wait', 'Wait')] });
}

async function ofWorkflow({ store }: Sources, { workflow, run, version }: FoundRun): Promise<Check> {
  const { readings } = store;
  const { id, name } = workflow;
  const [shown] = await withHeads({ store }, [workflow]);
  const limit = Math.min(
    shown?.head.maxActiveRuns ?? version.spec.maxActiveRuns,
    timetableFor(version.spec.schedule).activeRunsLimit ?? Number.POSITIVE_INFINITY,
  );
  const key = limitKeys.activeRuns({ workflowId: id, backfillId: null });
  const used = (await readings.limits()).find((each) => each.key === key)?.used ?? 0;
  if (used < limit) return `active runs ${used} of ${limit}`;
  const own = { workflowIds: [id], types: OWN_TYPES, offset: 0 };
  const [{ runs: active }, { total: ahead }] = await Promise.all([
    readings.runs({ ...own, states: ['running'], order: [{ by: 'started_at', descending: false }], limit: HOLDERS }),
    readings.runs({
      ...own,
      states: ['queued'],
      due: { to: run.runAfter },
      order: [{ by: 'run_after', descending: false }],
      limit: 1,
    }),
  ]);
  const wait = ahead === 0 ? '' : `, ${ahead === 1 ? '1 waits' : `${ahead} wait`} before it`;
  return because('active_runs', `${used} of ${many(limit, 'active run')}: the places are taken${wait}.`, {
    needs: used === 1 ? 'It starts when that run ends.' : 'It starts when one of them ends.',
    used,
    limit,
    ahead,
    since: iso(run.queuedAt),
    holders: active.map((each) => ({ dag_id: name, dag_run_id: each.runId, task_id: null, slots: 1 })),
    remedies: [
      ...active
        .slice(0, 1)
        .map((each) => remedyOf('show_instance', `Show ${each.runId}`, { dag_id: name, dag_run_id: each.runId })),
      remedyOf('cancel_run', 'Cancel this run', {
        dag_id: name,
        dag_run_id: run.runId,
        command: `npx millrace runs cancel ${name} ${run.runId}`,
      }),
    ],
  });
}

/** Runs that count against the workflow's limit and not a backfill's. */
const OWN_TYPES = ['scheduled', 'manual', 'asset_triggered', 'asset_materialization'] as const;

async function ofBackfill({ store: { queries } }: Sources, { workflow, run }: FoundRun): Promise<Check | null> {
  const id = run.backfillId!;
  const backfill = await queries.backfill(id);
  if (!backfill) return null;
  if (backfill.paused)
    return because('backfill_limit', `Its backfill ${id} is paused.`, {
      needs: 'It starts when the backfill goes on.',
      remedies: [remedyOf('wait', 'Let it go on', { command: `npx millrace backfill unpause ${id}` })],
    });
  const slots = await queries.slots(id);
  const running = slots.filter(({ state }) => state === 'running');
  const most = backfill.maxActiveRuns;
  if (running.length < most) return `runs of its backfill ${running.length} of ${most}`;
  const own = slots.find((slot) => slot.run === run.id)?.ordinal ?? 0;
  const ahead = slots.filter(({ state, ordinal }) => state === 'queued' && ordinal < own).length;
  const wait = ahead === 0 ? '' : `, ${ahead === 1 ? '1 waits' : `${ahead} wait`} before it`;
  return because('backfill_limit', `${running.length} of ${many(most, 'run')} of backfill ${id} run at once${wait}.`, {
    needs: running.length === 1 ? 'It starts when that run ends.' : 'It starts when one of them ends.',
    used: running.length,
    limit: most,
    ahead,
    since: iso(run.queuedAt),
    holders: running
      .slice(0, HOLDERS)
      .map((slot) => ({ dag_id: workflow.name, dag_run_id: slot.runId, task_id: null, slots: 1 })),
  });
}
