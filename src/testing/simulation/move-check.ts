import { isFinished, isRunFinished, type TaskState } from '../../model/states.ts';
import { isLegalRunMove, isLegalTaskMove } from '../../model/transitions.ts';
import type { AttemptRow, InstanceRow } from '../../store/rows.ts';
import { type Change, type InstanceMove, type Mirror, rowName } from './mirror.ts';
import { demand } from './violation.ts';
import type { Witness } from './witness.ts';

const name = ({ run, task, index }: { run: number; task: number; index: number }) => `instance ${run}.${task}.${index}`;

/** Every move is in the transition tables, and every end of an attempt has its row. */
export function checkMoves(change: Change, mirror: Mirror, witness: Witness): void {
  for (const { run, from, to } of change.runMoves) {
    const legal = from === null ? to === 'queued' : isLegalRunMove(from, to);
    demand(legal, 'transitions', () => `run ${run} went from ${from} to ${to}`);
    const cleared = from === null || !isRunFinished(from) || witness.cleared.has(run);
    demand(cleared, 'terminal means terminal', () => `run ${run} went from ${from} to ${to}, nobody cleared it`);
  }
  for (const move of change.moves) {
    const { run, from, to } = move;
    if (from === null) {
      demand(to === 'none' || to === 'queued', 'transitions', () => `${name(move)} was born ${to}`);
    } else if (to === null) {
      const allowed = from === 'none' || witness.cleared.has(run);
      demand(allowed, 'transitions', () => `${name(move)} was taken away in state ${from}`);
    } else {
      demand(isLegalTaskMove(from, to), 'transitions', () => `${name(move)} went from ${from} to ${to}`);
      if (isFinished(from)) {
        // A branch outdoes a failure somewhere upstream: the decision check asks whether there was one.
        const allowed = witness.cleared.has(run) || (from === 'upstream_failed' && to === 'skipped');
        demand(allowed, 'terminal means terminal', () => `${name(move)} went from ${from} to ${to}, nobody cleared it`);
      }
    }
  }
  checkAttempts(change, mirror, witness);
}

function checkAttempts(change: Change, mirror: Mirror, witness: Witness): void {
  const ended = change.moves.filter(({ from, to }) => isRunning(from) && to !== null && !isRunning(to));
  const rows = new Map(change.attempts.map((row) => [`${row.run}.${row.task}.${row.index}`, row]));
  for (const move of ended) {
    const { run, task, index } = move;
    const before = change.before.get(run)?.get(rowName(task, index));
    const attempt = rows.get(`${run}.${task}.${index}`);
    demand(
      attempt !== undefined,
      'attempts',
      () => `${name(move)} left ${move.from} for ${move.to} without an attempt's row`,
    );
    if (!before || !attempt || !isRunning(before.state)) continue;
    demand(
      attempt.attempt === before.attempt,
      'attempts',
      () => `${name(move)} ended attempt ${before.attempt}, the row says ${attempt.attempt}`,
    );
    checkOutcome(move, before, attempt, witness);
    if (attempt.outcome === 'failed' && !witness.cleared.has(run)) {
      const { retries } = mirror.spec(mirror.runs.get(run)!).tasks[task]!;
      checkRetries(move, attempt, retries, witness.failed(`${run}.${task}.${index}`));
    }
  }
  demand(
    rows.size <= ended.length,
    'attempts',
    () => `${rows.size} attempts were written and ${ended.length} instances stopped running`,
  );
  for (const run of change.runs) {
    for (const row of mirror.instances(run).values()) {
      if (row.state === 'running' && row.token !== null) witness.claimed.add(row.token);
      const running = isRunning(row.state);
      demand(
        running === (row.token !== null),
        'fences',
        () => `${name(row)} is ${row.state} and has ${row.token === null ? 'no token' : `the token ${row.token}`}`,
      );
      demand(!running || row.server !== null, 'fences', () => `${name(row)} is ${row.state} on no server`);
    }
  }
}

/** What was accepted is what the holder of the token said, or the system's own word. */
function checkOutcome(move: InstanceMove, before: InstanceRow, attempt: AttemptRow, witness: Witness): void {
  const { outcome, reason } = attempt;
  const own =
    (outcome === 'lost' && reason === 'server_lost') ||
    (outcome === 'cancelled' &&
      ['fail_fast', 'run_timeout', 'cancelled', 'run_ended', 'marked'].includes(reason ?? ''));
  const said = witness.outcomes(before.token ?? '').some(({ kind }) => kind === outcome);
  demand(
    own || said,
    'accepted results',
    () => `${name(move)}: ${outcome} (${reason}) was not said under ${before.token}`,
  );
  if (move.from === 'restarting') return;
  const expected: Partial<Record<string, readonly TaskState[]>> = {
    success: ['success'],
    skipped: ['skipped'],
    rescheduled: ['up_for_reschedule'],
    failed: ['failed', 'up_for_retry'],
    // `success`: somebody said so while it ran.
    cancelled: witness.marked.has(move.run) ? ['failed', 'skipped', 'success'] : ['failed', 'skipped'],
    lost: ['queued', 'failed'],
  };
  demand(
    move.to !== null && (expected[outcome]?.includes(move.to) ?? false),
    'attempts',
    () => `${name(move)} went to ${move.to} by an attempt that was ${outcome}`,
  );
}

/** All retries are used before an instance fails, and no more than all: losses and calls again later are no tries. */
function checkRetries(move: InstanceMove, { reason }: AttemptRow, retries: number, failures: number): void {
  if (reason === 'no_retry' || move.from === 'restarting') return;
  demand(
    move.to === 'failed' ? failures === retries + 1 : failures <= retries,
    'retries',
    () => `${name(move)} went to ${move.to} by failure ${failures}, it has ${retries} retries`,
  );
}

function isRunning(state: TaskState | null): boolean {
  return state === 'running' || state === 'restarting';
}
