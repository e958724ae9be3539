import { wholeNumber } from '../arguments.ts';
import type { Command } from '../command.ts';
import type { ServerOptions } from '../server/server.ts';
import type { Session } from '../session.ts';

/** What `dev` and `start` are told alike. */
export interface ServeOptions {
  readonly store?: string;
  readonly objects?: string;
  readonly workers?: string;
  readonly concurrency?: string;
  readonly mailFrom?: string;
}

export const OBJECTS_VARIABLE = 'MILLRACE_OBJECTS';
export const MAIL_FROM_VARIABLE = 'MILLRACE_MAIL_FROM';

export function withServeOptions(command: Command): Command {
  return command
    .argument('[pipelines...]', 'files, folders or globs (default: pipelines/, else dags/)')
    .option('--workers <count>', 'worker processes (default: one for each core)')
    .option('--concurrency <count>', 'task instances at once in each worker', '64')
    .option(
      '--objects <url>',
      `a folder or s3://bucket/prefix for large values (default: ${OBJECTS_VARIABLE}, else objects in the home)`,
    )
    .option(
      '--mail-from <address>',
      `sender of mails about failures (default: ${MAIL_FROM_VARIABLE}, else what the connection smtp_default says)`,
    );
}

export function serverOptions(
  session: Session,
  pipelines: readonly string[],
  options: ServeOptions,
): Omit<ServerOptions, 'watch' | 'log'> {
  const { cwd, env, home, location } = session;
  return {
    home: home.folder,
    // Paths are the user's, from where the user is; the default folders are the project's.
    project: pipelines.length > 0 ? cwd : home.project,
    pipelines,
    store: location.kind === 'sqlite' ? `sqlite:${location.path}` : location.uri,
    objects: options.objects ?? env[OBJECTS_VARIABLE],
    workers: wholeNumber('--workers', options.workers, { least: 1, most: 1024 }),
    concurrency: wholeNumber('--concurrency', options.concurrency, { least: 1, most: 100_000 }),
    mailFrom: options.mailFrom ?? env[MAIL_FROM_VARIABLE],
    env,
  };
}
