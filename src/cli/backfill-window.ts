import type { BackfillWindow } from '../engine/backfill-plan.ts';
import { REPROCESS_BEHAVIORS } from '../store/rows.ts';
import { date, oneOf } from './arguments.ts';
import type { Command } from './command.ts';

/** What `backfill create` and `backfill preview` are told alike. */
export interface WindowOptions {
  readonly from: string;
  readonly to: string;
  readonly reprocess: string;
  readonly reverse?: boolean;
}

export function withWindow(command: Command): Command {
  return command
    .argument('<dag>', 'name of the DAG')
    .requiredOption('--from <date>', 'first date of the schedule, ISO 8601')
    .requiredOption('--to <date>', 'last date of the schedule, inclusive')
    .option('--reprocess <which>', `finished runs that run again: ${REPROCESS_BEHAVIORS.join(', ')}`, 'none')
    .option('--reverse', 'latest date first');
}

export function windowOf({ from, to, reprocess, reverse }: WindowOptions): BackfillWindow {
  return {
    from: date('--from', from)!,
    to: date('--to', to)!,
    reprocess: oneOf('--reprocess', reprocess, REPROCESS_BEHAVIORS),
    reverse: reverse === true,
  };
}
