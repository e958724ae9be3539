import { command } from '../../command.ts';
import { taskMarks } from '../../graph-tree.ts';
import { workflowNamed } from '../../names.ts';
import { publishPipelines } from '../../pipelines-now.ts';

export const list = () =>
  command<readonly [dag: string]>(
    'list',
    'list the tasks of a DAG',
    (it) => it.argument('<dag>', 'name of the DAG'),
    async (session, [dag]) => {
      await publishPipelines(session);
      const { spec } = await workflowNamed(session, dag);
      const ids = (indexes: readonly number[]) => indexes.map((index) => spec.tasks[index]!.id);
      session.terminal.data(
        spec.tasks.map((task) => ({
          id: task.id,
          kind: task.kind,
          upstream: ids(task.upstream),
          downstream: ids(task.downstream),
          mapped: task.mapping !== null,
          triggerRule: task.triggerRule,
          retries: task.retries,
          timeout: task.timeout,
          pool: task.pool,
          queue: task.queue,
        })),
        () =>
          session.terminal.table(
            ['TASK', 'AFTER', ''],
            spec.tasks.map((task) => [task.id, ids(task.upstream).join(', '), taskMarks(task, spec).join(', ')]),
          ),
      );
    },
  );
