import type pg from 'pg';
import type { ColumnType } from '../rows.ts';

/** How `numeric` and `decimal` are read: as exact text, or as a JavaScript number of 15 significant digits. */
export type NumericAs = 'string' | 'number';

type Parse = (text: string) => unknown;

const OID = {
  bool: 16,
  bytea: 17,
  int8: 20,
  int2: 21,
  int4: 23,
  oid: 26,
  json: 114,
  point: 600,
  float4: 700,
  float8: 701,
  circle: 718,
  textArray: 1009,
  int8Array: 1016,
  timestamp: 1114,
  timestampArray: 1115,
  date: 1082,
  dateArray: 1182,
  timestamptz: 1184,
  interval: 1186,
  intervalArray: 1187,
  numericArray: 1231,
  numeric: 1700,
  jsonb: 3802,
} as const;

/** The arrays that pg parses; any other array arrives as PostgreSQL's text. */
const PARSED_ARRAYS = new Set([
  ...[199, 651, 1000, 1001, 1005, 1007, 1008, 1009, 1014, 1015, 1016, 1017, 1021, 1022, 1028, 1040, 1041, 1115, 1182],
  ...[1183, 1185, 1187, 1231, 1270, 2951, 3807, 3907],
]);

const identity: Parse = (text) => text;

/** int8 as a number where that is exact, else as a bigint. */
const integer: Parse = (text) => {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : BigInt(text);
};

/**
 * pg's parsers, except: int8 is a number where exact and a bigint beyond; `timestamp` is UTC, not the process's zone;
 * `date` and `interval` stay text, because a day is not an instant; numeric as asked for.
 */
export function typeParsers(types: typeof pg.types, numericAs: NumericAs): pg.CustomTypesConfig {
  const instant = types.getTypeParser(OID.timestamptz) as Parse;
  const timestamp: Parse = (text) =>
    instant(text.endsWith('infinity') ? text : text.endsWith(' BC') ? `${text.slice(0, -3)}+00 BC` : `${text}+00`);
  const numeric: Parse = numericAs === 'number' ? Number : identity;
  const texts = types.getTypeParser(OID.textArray as number) as (text: string) => unknown[];
  const arrayOf = (parse: Parse): Parse => {
    const each = (item: unknown): unknown =>
      item === null ? null : Array.isArray(item) ? item.map(each) : parse(item as string);
    return (text) => texts(text).map(each);
  };
  const own = new Map<number, Parse>([
    [OID.int8, integer],
    [OID.int8Array, arrayOf(integer)],
    [OID.timestamp, timestamp],
    [OID.timestampArray, arrayOf(timestamp)],
    [OID.date, identity],
    [OID.dateArray, arrayOf(identity)],
    [OID.interval, identity],
    [OID.intervalArray, arrayOf(identity)],
    [OID.numeric, numeric],
    [OID.numericArray, arrayOf(numeric)],
  ]);
  const getTypeParser = (oid: number, format?: 'text' | 'binary') =>
    (format === 'binary' ? undefined : own.get(oid)) ?? types.getTypeParser(oid, format as 'text');
  return { getTypeParser: getTypeParser as typeof types.getTypeParser };
}

/** The kind of values that a column of a PostgreSQL type arrives as. */
export function columnType(oid: number, numericAs: NumericAs): ColumnType {
  switch (oid) {
    case OID.bool:
      return 'boolean';
    case OID.int2:
    case OID.int4:
    case OID.int8:
    case OID.oid:
      return 'integer';
    case OID.float4:
    case OID.float8:
      return 'number';
    case OID.numeric:
      return numericAs;
    case OID.timestamp:
    case OID.timestamptz:
      return 'timestamp';
    case OID.json:
    case OID.jsonb:
    case OID.point:
    case OID.circle:
      return 'json';
    case OID.bytea:
      return 'bytes';
    default:
      return PARSED_ARRAYS.has(oid) ? 'json' : 'string';
  }
}

/** True for the types whose arrays and objects are written as JSON. */
export function isJson(oid: number): boolean {
  return oid === OID.json || oid === OID.jsonb;
}
