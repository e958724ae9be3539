import { MillraceError } from '../../model/errors.ts';

/** Quotes a name, exactly as it is written: `Order` stays `Order`, while PostgreSQL folds an unquoted one to `order`. */
export function quoteName(name: string): string {
  if (name === '' || name.includes('\0')) throw invalid(name);
  return `"${name.replaceAll('"', '""')}"`;
}

const PART = /^(?:"((?:[^"]|"")+)"|([^".]+))(?:\.(?=.)|$)/;

/** Quotes a table's name: `table`, `schema.table`, or with parts in double quotes where a name itself has a dot. */
export function quoteTable(table: string): string {
  const parts: string[] = [];
  for (let rest = table; rest !== ''; ) {
    const match = PART.exec(rest);
    if (!match) throw invalid(table);
    parts.push(quoteName(match[1]?.replaceAll('""', '"') ?? match[2]!));
    rest = rest.slice(match[0].length);
  }
  if (parts.length === 0 || parts.length > 2) throw invalid(table);
  return parts.join('.');
}

function invalid(name: string): MillraceError {
  return new MillraceError('invalid_argument', `'${name}' is not the name of a table or column`, {
    fix: 'Write table or schema.table; put a part that has a dot in double quotes: "my.schema".table.',
  });
}
