import { command } from '../command.ts';
import { sayEntry, tellRuns } from '../server-talk.ts';
import { httpOptions, type ServeOptions, serverOptions, withServeOptions } from './server-options.ts';

export const dev = () =>
  command<readonly [pipelines: readonly string[]], ServeOptions>(
    'dev',
    'run the server for development: reads changed files again, and tells what happens',
    withServeOptions,
    async (session, [pipelines], options) => {
      const { serve } = await import('../server/serve.ts');
      const { terminal, home } = session;
      await serve(
        {
          ...serverOptions(session, pipelines, options),
          watch: true,
          http: httpOptions(session, options, 'next'),
          log: (entry) => sayEntry(session, entry),
          follow: async (feed) => ({ done: tellRuns(session, feed.queries, await feed.open()) }),
        },
        ({ url }) => {
          terminal.say(`The page is at ${url}`);
          terminal.say(
            `State is in ${home.folder}. In another terminal: millrace dags list, millrace dags trigger NAME --wait`,
          );
          terminal.say('Ctrl-C stops it.');
        },
      );
    },
  );
