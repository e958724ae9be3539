import { MillraceError } from '../../model/errors.ts';

/** What a failed statement means for its transaction. */
export type Failure =
  /** It lost against another transaction: done anew from the start it may succeed. */
  | 'contention'
  /** The connection's prepared statements no longer fit the database: anew, on another connection. */
  | 'stale_connection'
  /** The database is away, full, read-only or overloaded. */
  | 'unavailable'
  /** The statement itself is wrong. */
  | 'defect';

const CONTENTION = /^(40001|40P01)$/;
/** 0A000 "cached plan must not change result type" after a migration; 26000 the prepared statement is gone. */
const STALE = /^(0A000|26000)$/;
/** Connection exceptions, resources, operator intervention, system errors, read-only (a standby), idle time-out, sign-in, no database. */
const UNAVAILABLE = /^(08...|53...|57...|58...|25006|25P03|55P03|28...|3D000)$/;
/** Of the network. Others are of the body's own doing. */
const SYSTEM = /^(ECONN\w+|E(HOST|NET)\w+|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EADDRNOTAVAIL|EMFILE|ENFILE)$/;
/** What the driver says of a connection that is gone, in errors that have no code. */
const GONE =
  /Connection terminated|not queryable|timeout expired|timeout exceeded when trying to connect|Query read timeout|pool after calling end/;

export function failureOf(error: unknown): Failure {
  if (MillraceError.is(error)) return error.code === 'store_unavailable' ? 'unavailable' : 'defect';
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  if (typeof code === 'string') {
    if (CONTENTION.test(code)) return 'contention';
    if (STALE.test(code)) return 'stale_connection';
    if (UNAVAILABLE.test(code) || SYSTEM.test(code)) return 'unavailable';
    return 'defect';
  }
  return typeof message === 'string' && GONE.test(message) ? 'unavailable' : 'defect';
}

export function unavailable(cause: unknown): MillraceError {
  if (MillraceError.is(cause)) return cause;
  const why = cause instanceof Error ? cause.message || (cause as { code?: string }).code : String(cause);
  return new MillraceError('store_unavailable', `the PostgreSQL database cannot be used now: ${why}`, {
    fix: 'Check that the server runs, can be reached, lets this user in and has room; work goes on by itself when it does.',
    cause,
  });
}

/** The connection went while COMMIT was under way: the transaction was done or was not, and nobody here can tell. */
export function commitUnknown(cause: unknown): MillraceError {
  return new MillraceError(
    'store_unavailable',
    'the connection to PostgreSQL ended during a commit: it is not known whether the transaction was done',
    { fix: 'Read what was to be changed before doing it again; guarded changes can be repeated as they are.', cause },
  );
}
