import { pauseBackfill, unpauseBackfill } from '../../../engine/backfills.ts';
import { backfillNamed } from '../../backfill-data.ts';
import { command } from '../../command.ts';

export const pauseCommand = () =>
  command<readonly [backfill: string]>(
    'pause',
    'pause a backfill: what runs goes on, nothing else of it starts',
    (it) => it.argument('<backfill>', 'number of the backfill, or a DAG for its latest one'),
    async (session, [named]) => {
      const { backfill } = await backfillNamed(session, named);
      const changed = await session.operate((e) => pauseBackfill(e, backfill.id));
      session.terminal.data({ id: backfill.id, changed }, () =>
        changed ? `backfill ${backfill.id} is paused` : `backfill ${backfill.id} was paused already, or is over`,
      );
    },
  );

export const unpauseCommand = () =>
  command<readonly [backfill: string]>(
    'unpause',
    'let a paused backfill go on',
    (it) => it.argument('<backfill>', 'number of the backfill, or a DAG for its latest one'),
    async (session, [named]) => {
      const { backfill } = await backfillNamed(session, named);
      const changed = await session.operate((e) => unpauseBackfill(e, backfill.id));
      session.terminal.data({ id: backfill.id, changed }, () =>
        changed ? `backfill ${backfill.id} goes on` : `backfill ${backfill.id} was not paused`,
      );
    },
  );
