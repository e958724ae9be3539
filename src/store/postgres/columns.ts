import type { InstanceKey } from '../rows.ts';

/**
 * Columns of many rows as array literals, for unnest: one parameter a column whatever the number of rows. Written here
 * and not by the driver, which would quote numbers and look at each value's type.
 */

export function bigints<T>(rows: readonly T[], column: (row: T) => number | null): string {
  let text = '{';
  for (let index = 0; index < rows.length; index++) {
    if (index > 0) text += ',';
    text += column(rows[index]!) ?? 'NULL';
  }
  return `${text}}`;
}

export function texts<T>(rows: readonly T[], column: (row: T) => string | null): string {
  let text = '{';
  for (let index = 0; index < rows.length; index++) {
    if (index > 0) text += ',';
    const value = column(rows[index]!);
    text += value === null ? 'NULL' : quoted(value);
  }
  return `${text}}`;
}

function quoted(value: string): string {
  return /["\\]/.test(value) ? `"${value.replace(/["\\]/g, '\\$&')}"` : `"${value}"`;
}

export function keyColumns(rows: readonly InstanceKey[]): [runs: string, tasks: string, indexes: string] {
  return [bigints(rows, (row) => row.run), bigints(rows, (row) => row.task), bigints(rows, (row) => row.index)];
}

/** Rows in pieces that make a message of a few megabytes at most. */
export function* pieces<T>(rows: readonly T[], size = 5000): Generator<readonly T[]> {
  if (rows.length <= size) {
    if (rows.length > 0) yield rows;
    return;
  }
  for (let start = 0; start < rows.length; start += size) yield rows.slice(start, start + size);
}
