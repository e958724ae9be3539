import { wholeNumber } from '../../arguments.ts';
import { command } from '../../command.ts';
import { workflowNamed } from '../../names.ts';
import { publishPipelines } from '../../pipelines-now.ts';
import { nextRuns, scheduleText } from '../../schedule-preview.ts';
import { instant, iso } from '../../times.ts';

export const next = () =>
  command<readonly [name: string], { number: string }>(
    'next',
    'list the next scheduled runs of a DAG',
    (it) => it.argument('<dag>', 'name of the DAG').option('-n, --number <count>', 'how many', '5'),
    async (session, [name], { number }) => {
      const count = wholeNumber('--number', number, { least: 1, most: 1000 }) ?? 5;
      await publishPipelines(session);
      const { spec, lastAutomated, paused } = await workflowNamed(session, name);
      const runs = nextRuns(spec, { last: lastAutomated, now: session.clock.now(), count });
      if (paused) session.terminal.say(`${name} is paused: none of these runs is made until it is unpaused.`);
      if (runs.length === 0)
        session.terminal.say(`${name} has no further scheduled runs (schedule: ${scheduleText(spec)}).`);
      session.terminal.data(
        runs.map(({ logicalDate, interval, runAfter }) => ({
          logicalDate: iso(logicalDate),
          intervalStart: iso(interval.start),
          intervalEnd: iso(interval.end),
          runAfter: iso(runAfter),
        })),
        () =>
          session.terminal.table(
            ['LOGICAL DATE', 'DATA INTERVAL', 'RUNS AFTER'],
            runs.map(({ logicalDate, interval, runAfter }) => [
              instant(logicalDate),
              `${instant(interval.start)} – ${instant(interval.end)}`,
              instant(runAfter),
            ]),
          ),
      );
    },
  );
