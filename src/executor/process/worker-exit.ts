import { constants } from 'node:os';
import type { AttemptReason } from '../../model/states.ts';

/** How a worker process ended. */
export interface WorkerExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Its last lines on stderr. */
  readonly lastLines: readonly string[];
  /** Why the server itself ended it, or null. */
  readonly endedFor: string | null;
  /** MiB, where it had a limit. */
  readonly memory: number | null;
}

export interface ExitVerdict {
  readonly reason: Extract<AttemptReason, 'killed' | 'out_of_memory' | 'worker_exited' | 'start_failed'>;
  readonly detail: string;
}

const OUT_OF_MEMORY =
  /JavaScript heap out of memory|Reached heap limit|Array buffer allocation failed|ERR_WORKER_OUT_OF_MEMORY/;

/** What the end of a worker process means for the attempts that it had. */
export function judgeExit(exit: WorkerExit): ExitVerdict {
  if (exit.endedFor !== null) return { reason: 'worker_exited', detail: exit.endedFor };
  const ending = exit.signal ?? signalOf(exit.code);
  if (exit.lastLines.some((line) => OUT_OF_MEMORY.test(line))) {
    const limit = exit.memory === null ? '' : ` (its limit is ${exit.memory} MiB)`;
    return { reason: 'out_of_memory', detail: `the worker process ran out of memory${limit}` };
  }
  const tail = exit.lastLines.length === 0 ? '' : `; its last words: ${exit.lastLines.slice(-5).join(' | ')}`;
  if (ending === 'SIGKILL') {
    return {
      reason: 'killed',
      detail: `the worker process was killed by SIGKILL, which is also what the system does when memory runs out${tail}`,
    };
  }
  if (ending) return { reason: 'killed', detail: `the worker process was ended by ${ending}${tail}` };
  return { reason: 'worker_exited', detail: `the worker process exited with code ${exit.code ?? 'unknown'}${tail}` };
}

/** A shell reports the end by a signal as 128 and the signal's number. */
function signalOf(code: number | null): string | undefined {
  if (code === null || code <= 128) return undefined;
  return Object.entries(constants.signals).find(([, number]) => number === code - 128)?.[0];
}
