import { constants } from 'node:os';
import { errorEntry } from './log.ts';
import { type Server, type ServerOptions, startServer } from './server.ts';

/**
 * Runs a server until SIGTERM, SIGINT or SIGHUP tells it to stop: it then takes no new work and gives running bodies 10 s. A
 * second signal ends the process at once.
 */
export async function serve(
  options: ServerOptions,
  ready: (server: Pick<Server, 'url'>) => void = () => {},
): Promise<void> {
  const stopping = Promise.withResolvers<void>();
  let told = false;
  const onSignal = (signal: NodeJS.Signals) => {
    if (told) process.exit(128 + constants.signals[signal]);
    told = true;
    options.log({ level: 'info', message: 'stopping; once more to end at once', fields: { signal } });
    stopping.resolve();
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, onSignal);
  // An error that nobody caught leaves the process in a state that nobody knows: the next start takes everything up.
  process.on('uncaughtException', (error) => {
    options.log(errorEntry('a fault in Millrace', error));
    process.exit(1);
  });
  const server = await startServer(options);
  ready(server);
  await stopping.promise;
  await server.stop();
  options.log({ level: 'info', message: 'stopped', fields: {} });
}
