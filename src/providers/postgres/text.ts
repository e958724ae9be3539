import { MillraceError } from '../../model/errors.ts';

/**
 * A value as PostgreSQL reads it in text, or null. A Date is written in UTC, so that a `timestamp` column holds UTC
 * whatever the process's time zone. An array is an array literal, any other object JSON; with `json` (the column is
 * json or jsonb) an array is JSON too. A text, number, bigint or boolean is written out.
 */
export function valueText(value: unknown, { json = false } = {}): string | null {
  switch (typeof value) {
    case 'undefined':
      return null;
    case 'string':
      return value;
    case 'number':
    case 'bigint':
    case 'boolean':
      return String(value);
    case 'object':
      if (value === null) return null;
      if (value instanceof Date) return dateText(value);
      if (value instanceof Uint8Array)
        return `\\x${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex')}`;
      if (Array.isArray(value) && !json) return arrayText(value);
      return JSON.stringify(value);
    default:
      throw new MillraceError('invalid_argument', `a ${typeof value} cannot be written to PostgreSQL`);
  }
}

function arrayText(values: readonly unknown[]): string {
  const items = values.map((value) => {
    if (value === null || value === undefined) return 'NULL';
    if (Array.isArray(value)) return arrayText(value);
    return `"${(valueText(value) ?? '').replaceAll(/[\\"]/g, '\\$&')}"`;
  });
  return `{${items.join(',')}}`;
}

function dateText(date: Date): string {
  if (Number.isNaN(date.getTime())) {
    throw new MillraceError('invalid_argument', 'an invalid Date cannot be written to PostgreSQL');
  }
  const year = date.getUTCFullYear();
  const rest = date
    .toISOString()
    .replace(/^[+-]?\d+/, '')
    .replace('Z', '+00');
  return year > 0 ? `${String(year).padStart(4, '0')}${rest}` : `${String(1 - year).padStart(4, '0')}${rest} BC`;
}

const COPY_ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** A field of a line of COPY's text format. */
export function copyText(text: string | null): string {
  return text === null ? '\\N' : text.replaceAll(/[\\\n\r\t]/g, (character) => COPY_ESCAPES[character]!);
}
