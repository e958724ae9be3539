import type { SchemaElement } from 'hyparquet';
import { MillraceError } from '../../model/errors.ts';
import type { ColumnType } from '../rows.ts';

type Physical = Omit<SchemaElement, 'name'>;

const PHYSICAL: Readonly<Record<ColumnType, Physical>> = {
  boolean: { type: 'BOOLEAN' },
  integer: { type: 'INT64' },
  number: { type: 'DOUBLE' },
  string: { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } },
  timestamp: {
    type: 'INT64',
    converted_type: 'TIMESTAMP_MILLIS',
    logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' },
  },
  json: { type: 'BYTE_ARRAY', converted_type: 'JSON', logical_type: { type: 'JSON' } },
  bytes: { type: 'BYTE_ARRAY' },
};

/** The schema's element of a column. Every column may hold null. */
export function schemaElement(name: string, type: ColumnType): SchemaElement {
  return { name, repetition_type: 'OPTIONAL', ...PHYSICAL[type] };
}

/**
 * The type of a column by its values, or undefined when all are null. A JavaScript number is a `number` (DOUBLE) even if
 * all are whole: else the type of a file would depend on its rows, and a reader of many files would round the others.
 * Bigints, also among whole numbers, are an `integer` (INT64).
 */
export function inferType(values: Iterable<unknown>): ColumnType | undefined {
  let type: ColumnType | undefined;
  for (const value of values) {
    const found = typeOfValue(value);
    if (found === undefined || found === type) continue;
    if (type === undefined || (type === 'number' && found === 'integer')) type = found;
    if (type === 'json' || found === 'json') type = 'json';
  }
  return type;
}

function typeOfValue(value: unknown): ColumnType | undefined {
  switch (typeof value) {
    case 'boolean':
    case 'number':
    case 'string':
      return typeof value as 'boolean' | 'number' | 'string';
    case 'bigint':
      return 'integer';
    case 'object':
      if (value === null) return undefined;
      return value instanceof Date ? 'timestamp' : value instanceof Uint8Array ? 'bytes' : 'json';
    default:
      return undefined;
  }
}

const INT64_LIMIT = 2n ** 63n;

/** The value as a column of the type holds it, or undefined when it does not fit without loss. */
function withoutLoss(value: unknown, type: ColumnType): unknown {
  switch (type) {
    case 'integer':
      if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : undefined;
      return typeof value === 'bigint' && value >= -INT64_LIMIT && value < INT64_LIMIT ? value : undefined;
    case 'number':
      if (typeof value === 'bigint') return BigInt(Number(value)) === value ? Number(value) : undefined;
      return typeof value === 'number' ? value : undefined;
    case 'timestamp':
      return value instanceof Date && !Number.isNaN(value.getTime()) ? value : undefined;
    case 'bytes':
      return value instanceof Uint8Array ? value : undefined;
    case 'json':
      return plainJson(value);
    default:
      return typeof value === type ? value : undefined;
  }
}

function plainJson(value: unknown): unknown {
  try {
    return JSON.parse(JSON.stringify(value));
  } catch {
    return undefined;
  }
}

/** The values as the column holds them. `firstRow` is the number of the first, from 1, for the message. */
export function fitColumn(
  values: readonly unknown[],
  column: { readonly name: string; readonly type: ColumnType },
  firstRow: number,
): unknown[] {
  return values.map((value, index) => {
    if (value === null || value === undefined) return null;
    const fitted = withoutLoss(value, column.type);
    if (fitted !== undefined) return fitted;
    const shown = typeof value === 'object' ? (value.constructor?.name ?? 'object') : `${String(value).slice(0, 40)}`;
    throw new MillraceError(
      'provider_error',
      `row ${firstRow + index}: ${shown} (${typeof value}) does not fit the column '${column.name}' of type ${column.type}`,
      { fix: `Convert it, or say what the column holds: putParquet(key, rows, { schema: { ${column.name}: '…' } }).` },
    );
  });
}

/** A value of a Parquet file as JavaScript's: a whole number of 64 bits is a number where exact, else a bigint. */
export function fromParquet(value: unknown): unknown {
  switch (typeof value) {
    case 'undefined':
      return null;
    case 'bigint': {
      const number = Number(value);
      return Number.isSafeInteger(number) ? number : value;
    }
    case 'object':
      if (Array.isArray(value)) return value.map(fromParquet);
      if (value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
      return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, fromParquet(field)]));
    default:
      return value;
  }
}

/** The type that a column of a Parquet file is read as. */
export function columnTypeOf(element: SchemaElement): ColumnType {
  const { type, converted_type: converted, logical_type: logical, num_children: children } = element;
  if (children !== undefined || element.repetition_type === 'REPEATED') return 'json';
  if (converted === 'DECIMAL' || logical?.type === 'DECIMAL' || logical?.type === 'FLOAT16') return 'number';
  if (converted === 'DATE' || converted?.startsWith('TIMESTAMP') || logical?.type === 'TIMESTAMP') return 'timestamp';
  if (logical?.type === 'DATE' || type === 'INT96') return 'timestamp';
  if (converted === 'JSON' || logical?.type === 'JSON') return 'json';
  if (converted === 'UTF8' || converted === 'ENUM' || logical?.type === 'STRING' || logical?.type === 'UUID')
    return 'string';
  if (type === 'BOOLEAN') return 'boolean';
  if (type === 'INT32' || type === 'INT64') return 'integer';
  if (type === 'FLOAT' || type === 'DOUBLE') return 'number';
  return 'bytes';
}
