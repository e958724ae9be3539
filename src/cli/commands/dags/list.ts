import { relative } from 'node:path';
import { many } from '../../../insight/many.ts';
import { command } from '../../command.ts';
import { publishPipelines } from '../../pipelines-now.ts';
import { scheduleText } from '../../schedule-preview.ts';
import { instantOrNothing, iso } from '../../times.ts';

export const list = () =>
  command<readonly [], { all?: boolean }>(
    'list',
    'list the DAGs with schedule, next and last run',
    (it) => it.option('--all', 'also those whose file is gone'),
    async (session, _args, { all }) => {
      await publishPipelines(session);
      const { terminal, home } = session;
      const { queries } = await session.store();
      const workflows = await queries.workflows(all ? {} : { present: true });
      const rows = await Promise.all(
        workflows.map(async (workflow) => ({
          workflow,
          last: (await queries.runs({ workflowId: workflow.id, limit: 1 }))[0],
        })),
      );
      terminal.data(
        rows.map(({ workflow, last }) => ({
          name: workflow.name,
          kind: workflow.kind,
          paused: workflow.paused,
          present: workflow.present,
          schedule: scheduleText(workflow.spec),
          nextRunAfter: iso(workflow.next?.runAfter),
          lastRun: last ? { runId: last.runId, state: last.state } : null,
          tags: workflow.spec.tags,
          owner: workflow.spec.owner,
          version: workflow.versionNumber,
          file: workflow.file,
        })),
        () =>
          terminal.table(
            ['DAG', 'PAUSED', 'SCHEDULE', 'NEXT RUN', 'LAST RUN', 'FILE'],
            rows.map(({ workflow, last }) => [
              workflow.name,
              workflow.paused ? 'paused' : '',
              scheduleText(workflow.spec),
              instantOrNothing(workflow.next?.runAfter),
              last ? terminal.state(last.state) : '',
              relative(home.project, workflow.file) + (workflow.present ? '' : ' (gone)'),
            ]),
          ),
      );
      const errors = await session.operate(({ tx }) => tx.importErrors.list());
      if (errors.length > 0) terminal.say(`${many(errors.length, 'error')} in pipeline files; see: millrace check`);
    },
  );
