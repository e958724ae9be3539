import { advanceBackfill } from '../../../engine/backfill-steps.ts';
import { cancelBackfill } from '../../../engine/backfills.ts';
import { backfillData, backfillNamed } from '../../backfill-data.ts';
import { command } from '../../command.ts';

export const cancel = () =>
  command<readonly [backfill: string]>(
    'cancel',
    'cancel a backfill: its runs that wait are cancelled, those that run go on',
    (it) => it.argument('<backfill>', 'number of the backfill, or a DAG for its latest one'),
    async (session, [named]) => {
      const { backfill, workflow } = await backfillNamed(session, named);
      const changed = await session.operate((e) => cancelBackfill(e, backfill.id));
      // A server does the same; whoever comes second finds it done.
      while (await session.operate((e) => advanceBackfill(e, backfill.id)));
      const { queries } = await session.store();
      const after = (await queries.backfill(backfill.id)) ?? backfill;
      session.terminal.data({ ...backfillData(after, workflow, await queries.slots(backfill.id)), changed }, () =>
        changed ? `${workflow}: backfill ${backfill.id} is cancelled` : `${workflow}: backfill ${backfill.id} was over`,
      );
    },
  );
