import type { TimelineRow } from '../../live/types.ts';

/** What of the run is looked at closely. */
export interface Selection {
  readonly taskId: string;
  /** -1: not mapped, or all instances of a mapped task. */
  readonly mapIndex: number;
}

const URGENCY = [
  'failed',
  'running',
  'restarting',
  'up_for_retry',
  'up_for_reschedule',
  'queued',
  'scheduled',
  'deferred',
];

const rank = ({ state }: TimelineRow) => {
  const at = URGENCY.indexOf(state ?? '');
  return at === -1 ? URGENCY.length : at;
};

/**
 * What one came for: the first row that failed, else one that runs, else one that had to be tried again, else the one
 * that took longest.
 */
export function mostUrgent(rows: readonly TimelineRow[]): TimelineRow | undefined {
  const [first] = [...rows].sort((a, b) => rank(a) - rank(b));
  if (first && rank(first) < URGENCY.length) return first;
  const hadTrouble = rows.find(({ attempts }) => attempts.some(({ error }) => error !== null));
  if (hadTrouble) return hadTrouble;
  return rows.reduce<TimelineRow | undefined>(
    (longest, row) => ((row.duration ?? -1) > (longest?.duration ?? -1) ? row : longest),
    rows[0],
  );
}

export const isSame = (row: TimelineRow, selection: Selection | undefined): boolean =>
  row.task_id === selection?.taskId && row.map_index === selection.mapIndex;
