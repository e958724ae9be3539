import type { z } from 'zod';
import type { timelineAttempt, timelineRow } from '../api/contract/timeline.ts';
import type { AttemptRow, InstanceRow } from '../store/rows.ts';
import { failureOf } from './failure.ts';
import { iso, isoOrNull } from './iso.ts';
import { shownState } from './task-state.ts';
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
  readonly kind: Row['kind'];
  readonly groups: readonly string[];
  readonly attempts: readonly AttemptRow[];
  readonly isCached: boolean;
  readonly usual: Usual;
  readonly nextTry: number | null;
  readonly now: number;
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
    usual: about.usual,
    expected: null,
    is_critical: false,
  };
}
