import { relative } from 'node:path';
import { trigger as triggerRun } from '../../../engine/operations.ts';
import { date, jsonObject } from '../../arguments.ts';
import { command } from '../../command.ts';
import { followRun } from '../../follow-run.ts';
import { workflowNamed } from '../../names.ts';
import { otherServers } from '../../other-server.ts';
import { publishPipelines } from '../../pipelines-now.ts';
import { EXIT } from '../../report-error.ts';
import { runData } from '../../run-data.ts';
import { randomIds } from '../../server/ids.ts';

interface TriggerOptions {
  readonly conf?: string;
  readonly logicalDate?: string;
  readonly runId?: string;
  readonly note?: string;
  readonly wait?: boolean;
}

export const trigger = () =>
  command<readonly [name: string], TriggerOptions>(
    'trigger',
    'start a run of a DAG',
    (it) =>
      it
        .argument('<dag>', 'name of the DAG')
        .option('--conf <json>', 'params of the run, as a JSON object')
        .option('--logical-date <date>', 'ISO 8601, or "none" for a run without one (default: now)')
        .option('--run-id <id>', 'default: made from type and date')
        .option('--note <text>', 'a note on the run')
        .option('--wait', 'wait for its end, telling what happens; ends with 0 only when it succeeds'),
    async (session, [name], { conf, logicalDate, runId, note, wait }) => {
      const given = jsonObject('--conf', conf);
      const at = logicalDate === 'none' ? null : date('--logical-date', logicalDate);
      await publishPipelines(session);
      const { file } = await workflowNamed(session, name);
      const request = { workflow: name, conf: given, logicalDate: at, runId, note, triggeredBy: 'cli' };
      const run = await session.operate((e) => triggerRun(e, randomIds, request));
      const { terminal, home } = session;
      if ((await session.operate(({ tx }) => tx.importErrors.list())).some((error) => error.file === file))
        terminal.say(
          `${relative(home.project, file)} has an error: this is its last version that loaded. See: millrace check`,
        );
      const { queries } = await session.store();
      const now = (await queries.run(run.id)) ?? run;
      if ((await otherServers(session)).length === 0) {
        terminal.say('No server runs on this store: the run starts with the next "millrace dev" or "millrace start".');
      }
      if (!wait) {
        terminal.data(runData(now, name), () => `${name}: run ${run.runId} is ${now.state}`);
        return EXIT.ok;
      }
      terminal.say(`${name}: run ${run.runId}`);
      const ended = await followRun(session, run);
      terminal.data(runData(ended, name), () => `${name}: run ${ended.runId} ended as ${terminal.state(ended.state)}`);
      return ended.state === 'success' ? EXIT.ok : EXIT.failed;
    },
  );
