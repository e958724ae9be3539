import type { z } from 'zod';
import type { timeline } from '../api/contract/timeline.ts';
import type { AttemptRow } from '../store/rows.ts';
import { failureOf } from './failure.ts';
import { iso, isoOrNull } from './iso.ts';
import type { Lately } from './lately.ts';
import type { FoundRun } from './run-of.ts';
import { durationOf } from './run-summary.ts';
import type { Sources } from './sources.ts';
import { countsOf } from './task-state.ts';

/** What is said of a run as a whole, and the times in which nobody was there for it. */
export async function headOf({ store, clock }: Sources, { workflow, run, version }: FoundRun, about: Lately) {
  const now = clock.now();
  const [states, bodies] = await Promise.all([
    store.readings.taskStates([run.id]),
    workflow.kind === 'flow' ? store.readings.attemptsOf({ run: run.id, task: 0 }) : [],
  ]);
  // The body of a flow is no step of it.
  const counts = countsOf(workflow.kind === 'flow' ? states.filter(({ task }) => task !== 0) : states);
  const last = bodies.at(-1);
  return {
    gaps: gapsOf(bodies),
    head: {
      dag_id: workflow.name,
      dag_run_id: run.runId,
      kind: workflow.kind,
      run_type: run.type,
      state: run.state,
      logical_date: isoOrNull(run.logicalDate),
      data_interval_start: isoOrNull(run.intervalStart),
      data_interval_end: isoOrNull(run.intervalEnd),
      run_after: iso(run.runAfter),
      queued_at: iso(run.queuedAt),
      start_date: isoOrNull(run.startedAt),
      end_date: isoOrNull(run.endedAt),
      duration: durationOf(run, now),
      conf: JSON.parse(run.conf) as Record<string, unknown>,
      triggered_by: run.triggeredBy,
      note: run.note,
      version: version.number,
      bundle: version.bundleHash,
      backfill_id: run.backfillId,
      error: run.state === 'failed' && last ? failureOf(last) : null,
      reason: run.reason,
      usual: about.run,
      counts,
    },
  };
}

/** Between an attempt of a flow's body that was lost and the next one nobody was there for it. */
function gapsOf(bodies: readonly AttemptRow[]): z.infer<typeof timeline>['gaps'] {
  return bodies.flatMap((attempt, n) => {
    const next = bodies[n + 1];
    if (attempt.outcome !== 'lost' || !next || next.startedAt <= attempt.endedAt) return [];
    return [{ from: iso(attempt.endedAt), to: iso(next.startedAt), reason: attempt.reason ?? 'lost' }];
  });
}
