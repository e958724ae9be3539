import type { InstanceRow } from '../store/rows.ts';
import { isoOrNull } from './iso.ts';
import { limitReason } from './why-limit.ts';
import { because, type Reason, remedyOf } from './why-reason.ts';
import { clearRemedy, type RunScope } from './why-scope.ts';
import { upstreamCause, upstreamPasses, upstreamReasons } from './why-upstream.ts';

const COUNTED = 10_000;
const HOLDERS = 6;

export interface Found {
  readonly reasons: Reason[];
  /** What does not keep it, in words. */
  readonly passing: string[];
}

/** Why one instance does not run. None only where it runs. */
export async function instanceReasons(scope: RunScope, row: InstanceRow): Promise<Found> {
  const passing = upstreamPasses(scope, row);
  switch (row.state) {
    case 'none':
      return { reasons: upstreamReasons(scope, row), passing: [] };
    case 'queued':
      if (row.parked !== null) return { reasons: [await limitReason(scope, row, row.parked)], passing };
      return { reasons: [await lineReason(scope, row)], passing: [...passing, 'no limit holds it back'] };
    case 'up_for_retry': {
      const fact = `Attempt ${row.attempt} of ${row.maxAttempts} failed; it is tried again.`;
      return { reasons: [laterReason(scope, row, { kind: 'retry_wait', fact })], passing };
    }
    case 'up_for_reschedule': {
      const fact = 'It looks again later.';
      return { reasons: [laterReason(scope, row, { kind: 'reschedule_wait', fact })], passing };
    }
    case 'deferred':
      return { reasons: [because('deferred', 'It waits for its trigger, without a worker.')], passing };
    case 'awaiting_input':
      return { reasons: [because('approval', 'It waits for a person.')], passing };
    case 'running':
    case 'restarting':
      return { reasons: [], passing: ['it runs'] };
    default:
      return { reasons: [finishedReason(scope, row)], passing: [] };
  }
}

/** Nothing but a worker is missing. */
async function lineReason(scope: RunScope, row: InstanceRow): Promise<Reason> {
  const ahead = await scope.sources.store.readings.queuedBefore(row, COUNTED);
  const number = `${ahead}${ahead >= COUNTED ? ' or more' : ''}`;
  const fact =
    ahead === 0 ? 'It is the next in line.' : `${number} task instance${ahead === 1 ? ' is' : 's are'} before it.`;
  return because('queued', fact, {
    needs: 'It starts when a worker is free for it.',
    ahead,
    since: isoOrNull(row.queuedAt),
    holders: (await scope.holders(row.pool)).slice(0, HOLDERS),
    remedies: [remedyOf('start_workers', 'More workers', { command: 'npx millrace start --workers 8' })],
  });
}

interface Later {
  readonly kind: 'retry_wait' | 'reschedule_wait';
  readonly fact: string;
}

function laterReason(scope: RunScope, row: InstanceRow, { kind, fact }: Later): Reason {
  const due = scope.timers.get(`${row.task}.${row.index}`) ?? null;
  return because(kind, fact, { until: isoOrNull(due), remedies: [clearRemedy(scope, row)] });
}

function finishedReason(scope: RunScope, row: InstanceRow): Reason {
  const cause = upstreamCause(scope, row) ?? row.reason?.replaceAll('_', ' ') ?? null;
  const state = row.state.replaceAll('_', ' ');
  return because('finished', `It has ended: ${state}${cause === null ? '' : ` (${cause})`}.`, {
    remedies: [clearRemedy(scope, row)],
  });
}
