import { MillraceError } from '../../model/errors.ts';

/** Fields of PostgreSQL's errors and of Node's network errors, as far as they are used here. */
interface Reported {
  readonly code?: string;
  readonly detail?: string;
  readonly hint?: string;
  readonly table?: string;
  readonly constraint?: string;
}

const FIXES: Readonly<Record<string, string>> = {
  '28P01': 'Check login and password of the connection.',
  '28000': 'Check the login of the connection and what the server admits (pg_hba.conf).',
  '3D000': "Check the connection's database: it is the path of the URI.",
  '42P01': "Check the table's name, its schema and the search_path; names are case-sensitive when they are quoted.",
  '42703': "Check the column's name; names are case-sensitive when they are quoted.",
  '42P10': 'Create a unique index on exactly the columns of `key`.',
  '42501': 'Grant the login the right that is missing.',
  '53300': 'Raise max_connections of the server, or lower the concurrency of the tasks.',
  ECONNREFUSED: 'Check host and port of the connection, and that the server runs.',
  ENOTFOUND: 'Check the host of the connection.',
  ETIMEDOUT: 'Check host, port and firewall of the connection.',
};

/** PostgreSQL's error as Millrace's, with its SQLSTATE and what to do. Millrace's own errors pass unchanged. */
export function postgresError(error: unknown, connection: string): unknown {
  if (MillraceError.is(error) || !(error instanceof Error)) return error;
  const { code, detail, hint } = error as Reported;
  const message = error.message === '' ? (code ?? 'the connection failed') : error.message;
  const state = code === undefined ? '' : ` (${code})`;
  const fix = hint ?? (code === undefined ? undefined : FIXES[code]);
  return new MillraceError(
    'provider_error',
    `PostgreSQL '${connection}': ${message}${state}${detail ? `. ${detail}` : ''}`,
    {
      ...(fix === undefined ? {} : { fix }),
      cause: error,
    },
  );
}
