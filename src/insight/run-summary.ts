import type { z } from 'zod';
import type { runSummary } from '../api/contract/workflows.ts';
import type { RunRow } from '../store/rows.ts';
import { iso, isoOrNull } from './iso.ts';
import { seconds } from './usual.ts';

export type RunSummary = z.infer<typeof runSummary>;

export function summaryOf(run: RunRow, now: number): RunSummary {
  return {
    dag_run_id: run.runId,
    run_type: run.type,
    state: run.state,
    logical_date: isoOrNull(run.logicalDate),
    run_after: iso(run.runAfter),
    start_date: isoOrNull(run.startedAt),
    end_date: isoOrNull(run.endedAt),
    duration: durationOf(run, now),
  };
}

/** Seconds; so far, where it has not ended; null where it has not begun. */
export const durationOf = (
  { startedAt, endedAt }: Pick<RunRow, 'startedAt' | 'endedAt'>,
  now: number,
): number | null => (startedAt === null ? null : seconds(Math.max(0, (endedAt ?? now) - startedAt)));
