import { date, jsonObject, wholeNumber } from './arguments.ts';
import type { Command } from './command.ts';
import { inlineCode } from './inline-code.ts';
import { runNamed, taskNamed } from './names.ts';
import type { Session } from './session.ts';
import type { TaskTarget } from './task-attempt.ts';

export interface TargetOptions {
  readonly run?: string;
  readonly mapIndex?: string;
  readonly date?: string;
  readonly conf?: string;
}

export function withTarget(command: Command): Command {
  return command
    .argument('<dag>', 'name of the DAG')
    .argument('<task>', 'id of the task')
    .option('--run <run>', 'take dates, params and the outputs of other tasks from this run, or the "latest"')
    .option('--map-index <index>', 'element of a mapped task')
    .option('--date <date>', 'logical date, where no run is named (default: now)')
    .option('--conf <json>', 'params, where no run is named, as a JSON object');
}

export async function taskTarget(
  session: Session,
  dag: string,
  task: string,
  options: TargetOptions,
): Promise<TaskTarget> {
  const mapIndex = wholeNumber('--map-index', options.mapIndex, { least: 0 }) ?? -1;
  const logicalDate = date('--date', options.date) ?? session.clock.now();
  const conf = jsonObject('--conf', options.conf);
  const code = await inlineCode(session, dag);
  const run = options.run === undefined ? null : (await runNamed(session, dag, options.run)).run;
  return { code, task: taskNamed(code.spec, task), mapIndex, run, logicalDate, conf };
}
