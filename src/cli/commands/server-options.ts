import { MillraceError } from '../../model/errors.ts';
import { wholeNumber } from '../arguments.ts';
import type { Command } from '../command.ts';
import type { HttpOptions } from '../server/http.ts';
import { DEFAULT_PORT } from '../server/http-port.ts';
import type { ServerOptions } from '../server/server.ts';
import type { Session } from '../session.ts';

/** What `dev` and `start` are told alike. */
export interface ServeOptions {
  readonly store?: string;
  readonly objects?: string;
  readonly workers?: string;
  readonly concurrency?: string;
  readonly mailFrom?: string;
  readonly host?: string;
  readonly port?: string;
  readonly auth?: string;
}

export const OBJECTS_VARIABLE = 'MILLRACE_OBJECTS';
export const MAIL_FROM_VARIABLE = 'MILLRACE_MAIL_FROM';
const HOST_VARIABLE = 'MILLRACE_HOST';
const PORT_VARIABLE = 'MILLRACE_PORT';
const AUTH_VARIABLE = 'MILLRACE_AUTH';

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
    )
    .option('--host <address>', `where page and API listen (default: ${HOST_VARIABLE}, else 127.0.0.1)`)
    .option('--port <number>', `their port, 0 for any that is free (default: ${PORT_VARIABLE}, else ${DEFAULT_PORT})`)
    .option(
      '--auth <mode>',
      `"token": everybody must show one (default: ${AUTH_VARIABLE}, else as soon as there is one)`,
    );
}

/** A port that somebody chose is that one or none; without a choice `whenTaken` says what is done. */
export function httpOptions(
  { env }: Session,
  { host, port, auth = env[AUTH_VARIABLE] }: ServeOptions,
  whenTaken: 'next' | 'fail',
): HttpOptions {
  if (auth !== undefined && auth !== '' && auth !== 'token') {
    throw new MillraceError('invalid_argument', `there is no way to authenticate called '${auth}'`, {
      fix: `Use --auth token, or leave it out.`,
    });
  }
  const chosen = wholeNumber('--port', port ?? env[PORT_VARIABLE], { least: 0, most: 65_535 });
  return {
    host: host ?? env[HOST_VARIABLE],
    port: chosen,
    whenTaken: chosen === undefined ? whenTaken : 'fail',
    auth: auth === 'token' ? auth : undefined,
  };
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
