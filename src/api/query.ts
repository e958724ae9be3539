import { z } from 'zod';
import { parseDate } from '../model/date.ts';
import { MillraceError } from '../model/errors.ts';
import { Unfit } from './problem.ts';

/** Parts of query strings that many routes have. */

/** How many entries at most: `most` where more are asked for; `usually` where nothing is said. */
export const limit = (most = 100, usually = 50) =>
  z.coerce
    .number()
    .int()
    .min(0)
    .default(usually)
    .transform((asked) => Math.min(asked, most));

export const offset = z.coerce.number().int().min(0).default(0);

/** A name that may come more than once: `?state=failed&state=running`. */
export const listed = <T extends z.ZodType>(item: T) =>
  z.preprocess((given) => (given === undefined || Array.isArray(given) ? given : [given]), z.array(item));

/** ISO 8601, as milliseconds since the epoch; in a query a plus may have been read as a space. */
export const instant = z.string().transform((text, context) => {
  try {
    return parseDate(text.replace(/ (\d\d:?\d\d)$/, '+$1'));
  } catch (error) {
    context.addIssue({ code: 'custom', message: (error as Error).message });
    return z.NEVER;
  }
});

/** A time in a body. Throws Unfit. */
export function instantOf(text: string, field: string): number {
  try {
    return parseDate(text);
  } catch (error) {
    if (!MillraceError.is(error)) throw error;
    throw new Unfit(['body', field], error.message);
  }
}

/** Where a list goes on: what an answer called `next_cursor`; empty for the first page. */
export const cursor = z.string().optional().describe('next_cursor of the answer before; empty: the first page');

/** The offset, or the cursor's. Throws `invalid_argument` for what is no cursor. */
export function offsetOf(query: { readonly offset: number; readonly cursor?: string | undefined }): number {
  if (!query.cursor) return query.offset;
  const [, at] = /^after:(\d{1,9})$/.exec(Buffer.from(query.cursor, 'base64url').toString()) ?? [];
  if (at === undefined) throw new MillraceError('invalid_argument', 'Invalid cursor');
  return Number(at);
}

interface CursorQuery {
  readonly offset: number;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** What a page says of the whole; cursors where the caller goes by them. */
export function pageFields(query: CursorQuery, total: number) {
  const from = offsetOf(query);
  const at = (n: number) => Buffer.from(`after:${n}`).toString('base64url');
  const byCursor = query.cursor !== undefined;
  return {
    total_entries: total,
    total_entries_limit: null,
    next_cursor: byCursor && from + query.limit < total ? at(from + query.limit) : null,
    previous_cursor: byCursor && from > 0 ? at(Math.max(0, from - query.limit)) : null,
  };
}
