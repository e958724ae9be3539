import { MillraceError } from '../model/errors.ts';
import type { InstanceRow, RunRow } from '../store/rows.ts';
import { clear } from './clearing.ts';
import type { EngineTransaction } from './transaction.ts';

/** Skipped not by a rule, but because the run was ended before their turn came. */
const CUT_SHORT: ReadonlySet<string> = new Set(['fail_fast', 'run_timeout', 'marked']);

/**
 * Lets a run go on that ended without success. A flow goes on from its record: calls that succeeded are answered from
 * it. Of a DAG's run everything that failed, was not run because of that, or was cut short is cleared with what is
 * downstream; what succeeded stays. Returns what runs again. Throws `conflict` for a run that succeeded, or goes on.
 */
export async function resume(e: EngineTransaction, run: RunRow): Promise<readonly InstanceRow[]> {
  const { graph } = await e.catalog.ofRun(e.tx, run);
  const [locked] = await e.lockRuns([run.id]);
  const state = locked?.state ?? run.state;
  if (state !== 'failed' && state !== 'cancelled') {
    throw new MillraceError('conflict', `run ${run.runId} is ${state}: there is nothing to resume`, {
      fix:
        state === 'success'
          ? 'To run it again, clear it: millrace runs clear.'
          : 'It goes on by itself; to begin anew, clear it: millrace runs clear.',
    });
  }
  if (graph.spec.kind === 'flow') return clear(e, run, { scope: 'only these', record: 'kept' });
  const isLeft = ({ state: its, reason }: InstanceRow) =>
    its === 'failed' || its === 'upstream_failed' || (its === 'skipped' && reason !== null && CUT_SHORT.has(reason));
  return clear(e, run, { select: isLeft, scope: 'with downstream' });
}
