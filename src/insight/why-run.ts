import type { RunRow } from '../store/rows.ts';
import { iso } from './iso.ts';
import type { FoundRun } from './run-of.ts';
import type { Sources } from './sources.ts';
import { because, many, type Reason, remedyOf } from './why-reason.ts';

const HOLDERS = 5;

/** What keeps a run from starting, or a workflow from being worked on. */
export async function runReasons(
  { store, clock }: Sources,
  { workflow, run }: FoundRun,
): Promise<{ readonly reasons: Reason[]; readonly passing: string[] }> {
  const now = clock.now();
  const reasons: Reason[] = [];
  const passing: string[] = [];
  const name = workflow.name;
  if (!workflow.present)
    reasons.push(
      because('not_loaded', `No pipeline file defines ${name} any more.`, {
        needs: `It goes on when ${workflow.file} defines it again.`,
      }),
    );
  else passing.push('its file is loaded');
  if (workflow.paused) {
    const command = `npx millrace dags unpause ${name}`;
    reasons.push(
      because('paused', `${name} is paused.`, {
        needs: 'Nothing of it starts until it is active.',
        remedies: [remedyOf('unpause', 'Make it active', { dag_id: name, command })],
      }),
    );
  } else passing.push('it is active');
  if (run.state !== 'queued') return { reasons, passing: [...passing, 'the run is running'] };
  if (run.runAfter > now)
    reasons.push(
      because('not_due', 'It is not due yet.', { until: iso(run.runAfter), remedies: [remedyOf('wait', 'Wait')] }),
    );
  else passing.push('it is due');
  if (run.backfillId === null) await ofWorkflow();
  else await ofBackfill(run.backfillId);
  return { reasons, passing };

  async function ofWorkflow() {
    const limit = workflow.spec.maxActiveRuns;
    const { runs, total } = await store.readings.runs({
      workflowIds: [workflow.id],
      states: ['running'],
      order: [{ by: 'started_at', descending: false }],
      limit: 100,
      offset: 0,
    });
    const active = runs.filter(({ backfillId }) => backfillId === null);
    if (active.length < limit && total < 100) {
      passing.push(`active runs ${active.length} of ${limit}`);
      return;
    }
    reasons.push(
      because('active_runs', `${active.length} of ${limit} active runs: the places are taken.`, {
        needs: active.length === 1 ? 'It starts when that run ends.' : 'It starts when one of them ends.',
        used: active.length,
        limit,
        holders: active
          .slice(0, HOLDERS)
          .map((each) => ({ dag_id: name, dag_run_id: each.runId, task_id: null, slots: 1 })),
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
      }),
    );
  }

  async function ofBackfill(id: number) {
    const backfill = await store.queries.backfill(id);
    if (!backfill) return;
    if (backfill.paused) {
      reasons.push(
        because('backfill_limit', `Its backfill ${id} is paused.`, {
          needs: 'It starts when the backfill goes on.',
          remedies: [remedyOf('wait', 'Let it go on', { command: `npx millrace backfill unpause ${id}` })],
        }),
      );
      return;
    }
    const running = (await store.queries.slots(id)).filter(({ state }) => state === 'running');
    if (running.length < backfill.maxActiveRuns)
      passing.push(`runs of its backfill ${running.length} of ${backfill.maxActiveRuns}`);
    else {
      reasons.push(
        because(
          'backfill_limit',
          `${running.length} of ${many(backfill.maxActiveRuns, 'run')} of backfill ${id} run at once.`,
          {
            needs: 'It starts when one of them ends.',
            used: running.length,
            limit: backfill.maxActiveRuns,
            holders: running
              .slice(0, HOLDERS)
              .map((slot) => ({ dag_id: name, dag_run_id: slot.runId, task_id: null, slots: 1 })),
          },
        ),
      );
    }
  }
}

/** A run that has ended waits for nothing. */
export const isOver = ({ state }: Pick<RunRow, 'state'>): boolean =>
  state === 'success' || state === 'failed' || state === 'cancelled';
