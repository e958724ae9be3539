import { date, jsonObject } from '../../arguments.ts';
import { command } from '../../command.ts';
import { EXIT } from '../../report-error.ts';
import { instanceData, runData } from '../../run-data.ts';

interface TestOptions {
  readonly date?: string;
  readonly conf?: string;
}

export const test = () =>
  command<readonly [name: string], TestOptions>(
    'test',
    'run a whole DAG in this process, without a server, and record nothing',
    (it) =>
      it
        .argument('<dag>', 'name of the DAG')
        .option('--date <date>', 'logical date (default: now)')
        .option('--conf <json>', 'params of the run, as a JSON object'),
    async (session, [name], options) => {
      const conf = jsonObject('--conf', options.conf);
      const logicalDate = date('--date', options.date) ?? session.clock.now();
      const { testRun } = await import('../../test-run.ts');
      const { run, version, instances, attempts } = await testRun(session, { name, conf, logicalDate });
      const { terminal } = session;
      terminal.data(
        {
          ...runData(run, name),
          instances: instances.map((row) =>
            instanceData(
              row,
              version,
              attempts.filter(({ task, index }) => task === row.task && index === row.index),
            ),
          ),
        },
        () => `${name} ended as ${terminal.state(run.state)}`,
      );
      return run.state === 'success' ? EXIT.ok : EXIT.failed;
    },
  );
