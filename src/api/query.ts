import { z } from 'zod';

/** Parts of query strings that many routes have. */

/** How many entries at most: `most` where more are asked for; `usually` where nothing is said. */
export const limit = (most = 100, usually = 50) =>
  z.coerce
    .number()
    .int()
    .min(0)
    .default(usually)
    .transform((asked) => Math.min(asked === 0 ? usually : asked, most));

export const offset = z.coerce.number().int().min(0).default(0);

/** A name that may come more than once: `?state=failed&state=running`. */
export const listed = <T extends z.ZodType>(item: T) =>
  z.preprocess((given) => (given === undefined || Array.isArray(given) ? given : [given]), z.array(item));

/** ISO 8601, as milliseconds since the epoch. */
export const instant = z.string().transform((text, context) => {
  const at = Date.parse(text.replace(/ (\d\d:?\d\d)$/, '+$1'));
  if (!Number.isNaN(at)) return at;
  context.addIssue({ code: 'custom', message: 'is no ISO 8601 time' });
  return z.NEVER;
});
