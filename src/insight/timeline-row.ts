import type { z } from 'zod';
import type { timelineAttempt, timelineRow } from '../api/contract/timeline.ts';
import { isFinished } from '../model/states.ts';
import type { TaskStateRow } from '../store/readings.ts';
import type { AttemptRow, InstanceRow } from '../store/rows.ts';
import { failureOf } from './failure.ts';
import { iso, isoOrNull } from './iso.ts';
import type { ProgressBoard } from './progress-board.ts';
import { countsOf, shownState, summedOf } from './task-state.ts';
import type { TreeRow } from './task-tree.ts';
import { seconds, type Usual } from './usual.ts';

export type Row = z.infer<typeof timelineRow>;
type Attempt = z.infer<typeof timelineAttempt>;

export function attemptOf(row: AttemptRow): Attempt {
  return {
    try_number: row.attempt,
    outcome: row.outcome,
    start_date: iso(row.startedAt),
    end_date: iso(row.endedAt),
    worker: row.worker || null,
    reason: row.reason,
    error: failureOf(row),
  };
}

interface About {
  readonly taskId: string;
  readonly label: string;
  readonly instanceName?: string | undefined;
  readonly kind: Row['kind'];
  readonly groups: readonly string[];
  readonly attempts: readonly AttemptRow[];
  readonly isCached: boolean;
  readonly usual: Usual;
  readonly nextTry: number | null;
  readonly now: number;
  readonly progress: Pick<ProgressBoard, 'of'> | undefined;
}

/** One instance or step, with the attempt that runs now behind those that ended. */
export function rowOf(instance: InstanceRow, about: About): Row {
  const isRunning = instance.state === 'running' && instance.startedAt !== null;
  const ended = about.attempts.filter(({ attempt }) => !isRunning || attempt !== instance.attempt);
  const attempts = ended.map(attemptOf);
  if (isRunning) {
    attempts.push({
      try_number: instance.attempt,
      outcome: 'running',
      start_date: iso(instance.startedAt!),
      end_date: null,
      worker: instance.worker,
      reason: null,
      error: null,
    });
  }
  const ranMs =
    ended.reduce((sum, { startedAt, endedAt }) => sum + endedAt - startedAt, 0) +
    (isRunning ? about.now - instance.startedAt! : 0);
  const first = ended[0]?.startedAt ?? instance.startedAt;
  return {
    task_id: about.taskId,
    map_index: instance.index,
    label: about.label,
    instance_name: about.instanceName ?? null,
    kind: about.kind,
    groups: [...about.groups],
    state: shownState(instance.state, instance.parked !== null),
    counts: null,
    is_cached: about.isCached,
    queued_at: isoOrNull(instance.queuedAt),
    start_date: isoOrNull(first),
    end_date: isoOrNull(instance.endedAt),
    duration: attempts.length === 0 ? null : seconds(Math.max(0, ranMs)),
    max_tries: instance.maxAttempts,
    attempts,
    next_try: isoOrNull(about.nextTry),
    progress: isRunning ? (about.progress?.of(instance) ?? null) : null,
    usual: about.usual,
    expected: null,
    is_critical: false,
  };
}

export const groupsOf = ({ parent }: TreeRow) => (parent === null ? [] : parent.split('.'));

interface MappedAbout {
  readonly states: readonly TaskStateRow[];
  /** An attempt that failed, where one did. */
  readonly failed: AttemptRow | undefined;
  readonly usual: Usual;
  readonly now: number;
}

/** All instances of a mapped task in one row: from the first start to the last end. */
export function mappedRow(row: TreeRow, { states, failed, usual, now }: MappedAbout): Row {
  const counts = countsOf(states);
  const starts = states.flatMap(({ startedAt }) => (startedAt === null ? [] : [startedAt]));
  const ends = states.flatMap(({ endedAt }) => (endedAt === null ? [] : [endedAt]));
  const start = starts.length === 0 ? null : Math.min(...starts);
  const isOpen = states.some(({ state }) => !isFinished(state));
  const attempt = Math.max(1, ...states.map((each) => each.attempt));
  const end = isOpen || ends.length === 0 ? null : Math.max(...ends);
  const state = summedOf(counts);
  const error = failed ? failureOf(failed) : null;
  const outcome = isOpen ? 'running' : state === 'success' || state === 'skipped' ? state : 'failed';
  return {
    task_id: row.id,
    map_index: -1,
    label: row.id,
    instance_name: null,
    kind: 'mapped',
    groups: groupsOf(row),
    state,
    counts,
    is_cached: false,
    queued_at: null,
    start_date: isoOrNull(start),
    end_date: isoOrNull(end),
    duration: start === null ? null : seconds((end ?? now) - start),
    max_tries: attempt,
    attempts:
      start === null
        ? []
        : [
            {
              try_number: attempt,
              outcome,
              start_date: iso(start),
              end_date: isoOrNull(end),
              worker: null,
              reason: null,
              error,
            },
          ],
    next_try: null,
    progress: null,
    usual,
    expected: null,
    is_critical: false,
  };
}
