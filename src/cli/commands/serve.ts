import type { WorkflowSpec } from '../../model/spec.ts';
import { command } from '../command.ts';
import { collectPair, paramsGiven } from '../run-params.ts';
import { sayEntry, tellRuns } from '../server-talk.ts';
import { type ServeOptions as ServerFlags, serverOptions } from './server-options.ts';

interface ServeOptions extends ServerFlags {
  readonly workflow?: string;
  readonly cron?: string;
  readonly timezone?: string;
  readonly param: readonly string[];
  readonly watch: boolean;
}

export const serve = () =>
  command<readonly [files: readonly string[]], ServeOptions>(
    'serve',
    'serve the flows and DAGs of some files with their schedules, and tell what happens, until it is stopped',
    (it) =>
      it
        .argument('<files...>', 'pipeline files, folders or globs')
        .option('--cron <expression>', 'a schedule for the flows; DAGs have their own')
        .option('--timezone <zone>', 'of that schedule (default: UTC)')
        .option(
          '-p, --param <name=value>',
          'a param of the runs of flows, where they are not given another',
          collectPair,
          [],
        )
        .option('--workflow <name>', 'the flow that --cron and -p are about (default: all)')
        .option('--workers <count>', 'worker processes (default: one for each core)')
        .option('--concurrency <count>', 'task instances at once in each worker', '64')
        .option('--objects <url>', 'a folder or s3://bucket/prefix for large values')
        .option('--no-watch', 'do not read changed files again'),
    async (session, [files], options) => {
      const { serve: run } = await import('../server/serve.ts');
      const { amendment } = await import('../server/serve-flow.ts');
      const { terminal } = session;
      const { workflow, cron, timezone, param, watch } = options;
      const amend = (spec: WorkflowSpec): WorkflowSpec => {
        if (spec.kind !== 'flow' || (workflow !== undefined && spec.id !== workflow)) return spec;
        if (cron === undefined && param.length === 0) return spec;
        const given = { params: paramsGiven(param, spec), ...(cron === undefined ? {} : { cron }) };
        const served = { file: '', flow: spec.id, name: spec.id, ...given, ...(timezone ? { timezone } : {}) };
        return amendment(served)(spec);
      };
      await run(
        {
          ...serverOptions(session, files, options),
          watch,
          amend,
          log: (entry) => sayEntry(session, entry),
          follow: async (feed) => ({ done: tellRuns(session, feed.queries, await feed.open()) }),
        },
        () => terminal.say('Ctrl-C stops it.'),
      );
    },
  );
