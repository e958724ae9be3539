import type { z } from 'zod';
import type { activity as contract } from '../api/contract/activity.ts';
import type { NextRun } from '../store/rows.ts';
import type { RunDates } from '../timetable/timetable.ts';
import { timetableFor } from '../timetable/timetable-for.ts';
import { iso } from './iso.ts';
import { type ShownWorkflow, shownWorkflows } from './shown-workflows.ts';
import type { Sources } from './sources.ts';

const HOUR = 3_600_000;
/** As many dates are foreseen of one schedule, and of all: what ticks every second is not drawn to the end. */
const MOST_OF_ONE = 1_000;
const MOST_OF_ALL = 50_000;

interface Planned extends Pick<ShownWorkflow, 'name' | 'head'> {
  readonly next: NextRun;
}

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
    shownWorkflows({ store }),
  ]);
  for (const { slice, state, runs } of ended) {
    const bin = bins[slice];
    if (bin && state === 'success') bin.succeeded += runs;
    else if (bin) bin.failed += state === 'failed' ? runs : 0;
  }
  for (const { slice, runs } of running) bins[Math.min(Math.max(slice, 0), slices - 1)]!.running += runs;
  const planned = known.flatMap(({ name, head, next, paused }) =>
    next === null || paused ? [] : [{ name, head, next }],
  );
  for (const { at, runs } of foreseen(planned, { now, end })) {
    const bin = bins[Math.floor((at - begin) / sliceMs)];
    if (bin && at >= now) bin.due += runs;
  }
  const first = planned.reduce<Planned | null>(
    (soonest, each) => (soonest === null || each.next.runAfter < soonest.next.runAfter ? each : soonest),
    null,
  );
  const next = first && { dag_id: first.name, run_after: iso(first.next.runAfter) };
  return { as_of: iso(now), from: iso(begin), to: iso(end), bin_minutes: binMinutes, bins, next };
}

/** When runs come, and how many: workflows with the same schedule and the same next run are worked out together. */
function* foreseen(
  planned: readonly Planned[],
  { now, end }: { readonly now: number; readonly end: number },
): Generator<{ readonly at: number; readonly runs: number }> {
  const alike = Map.groupBy(planned, ({ head, next }) =>
    JSON.stringify([head.schedule, head.startDate, head.endDate, next]),
  );
  let all = 0;
  for (const [{ head, next }, runs] of [...alike.values()].map((group) => [group[0]!, group.length] as const)) {
    const timetable = timetableFor(head.schedule);
    let dates: RunDates | null = { ...next, interval: { start: next.intervalStart, end: next.intervalEnd } };
    for (let one = 0; dates !== null && dates.runAfter < end && one < MOST_OF_ONE; one += 1) {
      yield { at: dates.runAfter, runs };
      all += 1;
      // One that begins where the last one ends is due once: nobody knows when that will be over.
      if (timetable.activeRunsLimit !== null || all >= MOST_OF_ALL) break;
      const { startDate: earliest, endDate: latest } = head;
      dates = timetable.nextRun(dates.interval, { earliest, latest, catchup: true, now });
    }
  }
}
