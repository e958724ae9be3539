import { MillraceError } from '../model/errors.ts';

/** Lists as Airflow gives them: filtered by patterns, in an order that is asked for, a page at a time. */

/** By what entries can be ordered, by the name that callers use. */
export type Orders<T> = Readonly<Record<string, (entry: T) => string | number | boolean | null>>;

/**
 * The entries in the order asked for, each name with a `-` in front for the other way around; nothing comes last, as in
 * most databases. Throws `invalid_argument` for a name that there is not.
 */
export function ordered<T>(entries: readonly T[], names: readonly string[], orders: Orders<T>): T[] {
  const by = names.map((name) => {
    const value = orders[name.replace(/^-/, '')];
    if (!value || !Object.hasOwn(orders, name.replace(/^-/, ''))) throw noSuchOrder(name);
    return { value, sign: name.startsWith('-') ? -1 : 1 };
  });
  return [...entries].sort((a, b) => {
    for (const { value, sign } of by) {
      const way = compare(value(a), value(b)) * sign;
      if (way !== 0) return way;
    }
    return 0;
  });
}

export function noSuchOrder(name: string): MillraceError {
  return new MillraceError(
    'invalid_argument',
    `Ordering with '${name.replace(/^-/, '')}' is disallowed or the attribute does not exist`,
  );
}

function compare<V extends string | number | boolean | null>(a: V, b: V): number {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  return a < b ? -1 : 1;
}

export const pageOf = <T>(
  entries: readonly T[],
  { limit, offset }: { readonly limit: number; readonly offset: number },
) => entries.slice(offset, offset + limit);

/** Whether a text contains a pattern, whatever the case: `%` is any text, `_` any sign, `|` another pattern, `~` all. */
export function likes(text: string, pattern: string | undefined): boolean {
  if (pattern === undefined || pattern === '~') return true;
  return pattern.split('|').some((each) => {
    const parts = each
      .trim()
      .replace(/^%+|%+$/g, '')
      .toLowerCase()
      .split('%');
    let from = 0;
    return parts.every((part) => {
      const at = placeOf(text.toLowerCase(), part, from);
      from = at + part.length;
      return at >= 0;
    });
  });
}

/** Where a part is found whose `_` stand for any sign; without regular expressions, so that no pattern is slow. */
function placeOf(text: string, part: string, from: number): number {
  for (let at = from; at + part.length <= text.length; at += 1) {
    let same = 0;
    while (same < part.length && (part[same] === '_' || part[same] === text[at + same])) same += 1;
    if (same === part.length) return at;
  }
  return -1;
}

/** Whether a text begins with a pattern; the case counts. */
export const beginsWith = (text: string, prefix: string | undefined): boolean =>
  prefix === undefined || prefix.split('|').some((each) => text.startsWith(each));

/** JSON as Python writes it, which those who read values of Airflow as text expect. */
export function pythonJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(pythonJson).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  return `{${Object.entries(value)
    .map(([key, each]) => `${JSON.stringify(key)}: ${pythonJson(each)}`)
    .join(', ')}}`;
}
