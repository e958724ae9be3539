import { relative } from 'node:path';
import { command } from '../../command.ts';
import { graphTree, taskMarks } from '../../graph-tree.ts';
import { type KnownWorkflow, workflowNamed } from '../../names.ts';
import { publishPipelines } from '../../pipelines-now.ts';
import { nextRuns, scheduleText } from '../../schedule-preview.ts';
import type { Session } from '../../session.ts';
import { instant, iso } from '../../times.ts';

export const show = () =>
  command<readonly [name: string]>(
    'show',
    'show a DAG: its graph, schedule and next runs',
    (it) => it.argument('<dag>', 'name of the DAG'),
    async (session, [name]) => {
      await publishPipelines(session);
      const workflow = await workflowNamed(session, name);
      const upcoming = nextRuns(workflow.spec, { last: workflow.lastAutomated, now: session.clock.now(), count: 3 });
      session.terminal.data(
        {
          name,
          kind: workflow.kind,
          file: workflow.file,
          version: workflow.versionNumber,
          paused: workflow.paused,
          present: workflow.present,
          schedule: scheduleText(workflow.spec),
          nextRuns: upcoming.map(({ logicalDate, runAfter }) => ({
            logicalDate: iso(logicalDate),
            runAfter: iso(runAfter),
          })),
          spec: workflow.spec,
        },
        () =>
          describe(
            session,
            workflow,
            upcoming.map(({ runAfter }) => instant(runAfter)),
          ),
      );
    },
  );

function describe({ terminal, home }: Session, workflow: KnownWorkflow, upcoming: readonly string[]): string {
  const { spec } = workflow;
  const { bold, dim } = terminal.colours;
  const facts: (readonly [string, string])[] = [
    ['file', `${relative(home.project, workflow.file)} (version ${workflow.versionNumber})`],
    ['schedule', `${scheduleText(spec)}${spec.catchup ? ', with catch-up' : ''}${workflow.paused ? ', paused' : ''}`],
    ['next runs', upcoming.join(', ') || 'none'],
    [
      'dates',
      [spec.startDate && `from ${instant(spec.startDate)}`, spec.endDate && `until ${instant(spec.endDate)}`]
        .filter(Boolean)
        .join(' '),
    ],
    [
      'limits',
      `${spec.maxActiveRuns} active runs${spec.maxActiveTasks === null ? '' : `, ${spec.maxActiveTasks} tasks at once in a run`}`,
    ],
    ['tags', spec.tags.join(', ')],
    ['params', Object.keys(spec.params.defaults).join(', ')],
  ];
  const head = facts.filter(([, value]) => value !== '').map(([key, value]) => `${dim(key.padEnd(9))}  ${value}`);
  const tree = graphTree(spec, (task) => {
    const marks = taskMarks(task, spec);
    return marks.length === 0 ? task.id : `${task.id}  ${dim(`(${marks.join(', ')})`)}`;
  });
  const title = spec.description === null ? bold(workflow.name) : `${bold(workflow.name)}: ${spec.description}`;
  return [title, ...head, '', tree].join('\n');
}
