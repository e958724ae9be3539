import { backfillData, backfillNamed, progressText, statusOf, whereIs } from '../../backfill-data.ts';
import { command } from '../../command.ts';
import { instant, iso } from '../../times.ts';

export const show = () =>
  command<readonly [backfill: string]>(
    'show',
    'show a backfill: its dates, and what became of each',
    (it) => it.argument('<backfill>', 'number of the backfill, or a DAG for its latest one'),
    async (session, [named]) => {
      const { backfill, workflow } = await backfillNamed(session, named);
      const slots = await (await session.store()).queries.slots(backfill.id);
      const { terminal } = session;
      const { bold } = terminal.colours;
      terminal.data(
        {
          ...backfillData(backfill, workflow, slots),
          dates: slots.map(({ ordinal, logicalDate, outcome, runId, state }) => ({
            ordinal,
            logicalDate: iso(logicalDate),
            outcome,
            runId,
            state,
          })),
        },
        () =>
          [
            bold(`${workflow}  backfill ${backfill.id}  ${statusOf(backfill)}`),
            progressText(terminal, slots),
            '',
            terminal.table(
              [['NO', 'right'], 'LOGICAL DATE', 'STATE', 'RUN'],
              slots.map((slot) => [
                String(slot.ordinal),
                instant(slot.logicalDate),
                terminal.state(whereIs(slot)),
                slot.runId ?? '',
              ]),
            ),
          ].join('\n'),
      );
    },
  );
