import type { z } from 'zod';
import type { activity as contract } from '../api/contract/activity.ts';
import { timetableFor } from '../timetable/timetable-for.ts';
import { iso } from './iso.ts';
import type { Sources } from './sources.ts';

const HOUR = 3_600_000;
/** As many runs of one schedule are foreseen: one that ticks every second is not drawn to the end. */
const MOST_FORESEEN = 1_000;

export interface ActivitySpan {
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly binMinutes?: number | undefined;
}

/** Runs by when they ended, began, or are due, in slices of time around now. */
export async function activity(
  { store, clock }: Sources,
  { from, to, binMinutes = 15 }: ActivitySpan,
): Promise<z.infer<typeof contract>> {
  const now = clock.now();
  const sliceMs = binMinutes * 60_000;
  const begin = from ?? now - 16 * HOUR;
  const end = to ?? now + 8 * HOUR;
  const slices = Math.min(10_000, Math.max(1, Math.ceil((end - begin) / sliceMs)));
  const bins = Array.from({ length: slices }, (_, n) => ({
    start: iso(begin + n * sliceMs),
    succeeded: 0,
    failed: 0,
    running: 0,
    due: 0,
  }));
  const [ended, running, known] = await Promise.all([
    store.readings.endedBySlice({ from: begin, to: end, sliceMs }),
    store.readings.runningBySlice({ from: begin, sliceMs }),
    store.queries.workflows({ present: true, paused: false }),
  ]);
  for (const { slice, state, runs } of ended) {
    const bin = bins[slice];
    if (bin && state === 'success') bin.succeeded += runs;
    else if (bin) bin.failed += state === 'failed' ? runs : 0;
  }
  for (const { slice, runs } of running) bins[Math.min(Math.max(slice, 0), slices - 1)]!.running += runs;
  let next: { dag_id: string; run_after: string } | null = null;
  for (const { name, spec, next: planned } of known) {
    if (planned === null) continue;
    if (next === null || iso(planned.runAfter) < next.run_after)
      next = { dag_id: name, run_after: iso(planned.runAfter) };
    const timetable = timetableFor(spec.schedule);
    let foreseen = 0;
    let dates: typeof planned | null = planned;
    while (dates !== null && dates.runAfter < end && foreseen < MOST_FORESEEN) {
      const bin = bins[Math.floor((dates.runAfter - begin) / sliceMs)];
      if (bin && dates.runAfter >= now) bin.due += 1;
      foreseen += 1;
      // One that begins where the last one ends is due once: nobody knows when that will be over.
      if (timetable.activeRunsLimit !== null) break;
      const after = timetable.nextRun(
        { start: dates.intervalStart, end: dates.intervalEnd },
        { earliest: spec.startDate, latest: spec.endDate, catchup: true, now },
      );
      dates = after && {
        logicalDate: after.logicalDate,
        intervalStart: after.interval.start,
        intervalEnd: after.interval.end,
        runAfter: after.runAfter,
      };
    }
  }
  return { as_of: iso(now), from: iso(begin), to: iso(end), bin_minutes: binMinutes, bins, next };
}
