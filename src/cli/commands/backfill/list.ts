import { wholeNumber } from '../../arguments.ts';
import { backfillData, progressText, statusOf } from '../../backfill-data.ts';
import { command } from '../../command.ts';
import { workflowNamed } from '../../names.ts';
import { instant } from '../../times.ts';

export const list = () =>
  command<readonly [], { dag?: string; limit: string }>(
    'list',
    'list backfills, the latest first',
    (it) => it.option('--dag <dag>', 'of this DAG only').option('--limit <count>', 'how many', '20'),
    async (session, _args, { dag, limit }) => {
      const count = wholeNumber('--limit', limit, { least: 1, most: 1000 }) ?? 20;
      const { queries } = await session.store();
      const workflow = dag === undefined ? undefined : await workflowNamed(session, dag);
      const found = await queries.backfills({ limit: count, ...(workflow ? { workflowId: workflow.id } : {}) });
      const names = new Map((await queries.workflows()).map(({ id, name }) => [id, name]));
      const rows = await Promise.all(
        found.map(async (backfill) => ({
          backfill,
          name: names.get(backfill.workflowId) ?? String(backfill.workflowId),
          slots: await queries.slots(backfill.id),
        })),
      );
      const { terminal } = session;
      terminal.data(
        rows.map(({ backfill, name, slots }) => backfillData(backfill, name, slots)),
        () =>
          terminal.table(
            [['ID', 'right'], 'DAG', 'STATUS', 'FROM', 'TO', 'PROGRESS'],
            rows.map(({ backfill, name, slots }) => [
              String(backfill.id),
              name,
              statusOf(backfill),
              instant(backfill.from),
              instant(backfill.to),
              progressText(terminal, slots),
            ]),
          ),
      );
    },
  );
