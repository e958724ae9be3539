import { z } from 'zod';
import { parseDate } from '../model/date.ts';
import { MillraceError } from '../model/errors.ts';

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

/** A time in a body. Throws `invalid_date`. */
export function instantOf(text: string, field: string): number {
  try {
    return parseDate(text);
  } catch (error) {
    if (!MillraceError.is(error)) throw error;
    const { message, fix } = error;
    throw new MillraceError('invalid_date', `${field}: ${message}`, fix === undefined ? {} : { fix });
  }
}
