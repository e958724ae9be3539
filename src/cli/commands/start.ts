import { command } from '../command.ts';
import { httpOptions, type ServeOptions, serverOptions, withServeOptions } from './server-options.ts';

export const start = () =>
  command<readonly [pipelines: readonly string[]], ServeOptions & { watch: boolean }>(
    'start',
    'run the server: page, API, schedules, runs and workers; logs as JSON on stderr',
    (it) => withServeOptions(it).option('--no-watch', 'do not read changed pipeline files again'),
    async (session, [pipelines], options) => {
      const { serve } = await import('../server/serve.ts');
      const { jsonLine } = await import('../server/log.ts');
      await serve({
        ...serverOptions(session, pipelines, options),
        watch: options.watch,
        http: httpOptions(session, options, 'fail'),
        log: (entry) => process.stderr.write(`${jsonLine(session.clock.now(), entry)}\n`),
      });
    },
  );
