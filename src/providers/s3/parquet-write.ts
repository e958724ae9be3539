import type { SchemaElement } from 'hyparquet';
import type { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import { MillraceError } from '../../model/errors.ts';
import { loadPeer } from '../peer.ts';
import type { ColumnType, ColumnTypes } from '../rows.ts';
import { fitColumn, inferType, schemaElement } from './parquet-schema.ts';

export type ParquetRows = Iterable<object> | AsyncIterable<object>;

export interface ParquetOptions {
  /**
   * Types of columns, where they are not to be inferred. Columns that are named here come first, in this order, and are
   * there even if no row has them.
   */
  readonly schema?: ColumnTypes;
  /** Rows in one row group, 25,000 unless given; a group also ends at about 32 MB. One group is held in memory. */
  readonly rowGroupSize?: number;
}

const DEFAULT_GROUP_ROWS = 25_000;
const GROUP_BYTES = 32 * 1024 * 1024;

interface Column {
  readonly name: string;
  /** Undefined until a value that is not null has come. */
  type: ColumnType | undefined;
}

/**
 * A Parquet file, piece by piece. The columns are those of the first row group. `onRows` hears the number of rows
 * written, group by group.
 */
export async function* encodeParquet(
  rows: ParquetRows,
  options: ParquetOptions,
  onRows: (count: number) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  const library = await loadPeer('hyparquet-writer', () => import('hyparquet-writer'));
  const bytes = new library.ByteWriter();
  const { rowGroupSize = DEFAULT_GROUP_ROWS } = options;
  if (!Number.isInteger(rowGroupSize) || rowGroupSize < 1) {
    throw new MillraceError('invalid_argument', `a row group of ${rowGroupSize} rows is not possible`);
  }
  let file: ParquetFile | undefined;
  const open = (group: readonly Row[]) => new ParquetFile(library, bytes, declaredColumns(rows, options, group));
  for await (const group of groups(rows, rowGroupSize)) {
    file ??= open(group);
    file.write(group);
    onRows(file.rows);
    yield take(bytes);
  }
  file ??= open([]);
  file.finish();
  yield take(bytes);
}

type Row = Readonly<Record<string, unknown>>;

class ParquetFile {
  rows = 0;
  readonly #writer: ParquetWriter;
  readonly #columns: readonly Column[];
  readonly #names: ReadonlySet<string>;

  constructor(library: typeof import('hyparquet-writer'), bytes: ByteWriter, columns: readonly Column[]) {
    this.#columns = columns;
    this.#names = new Set(columns.map(({ name }) => name));
    const root: SchemaElement = { name: 'root', num_children: columns.length };
    // A column without a value so far is written as text, which its nulls do not show, and named rightly in the end.
    const elements = columns.map(({ name, type }) => schemaElement(name, type ?? 'string'));
    this.#writer = new library.ParquetWriter({ writer: bytes, schema: [root, ...elements], createdBy: 'millrace' });
  }

  write(group: readonly Row[]): void {
    this.#refuseNewColumns(group);
    const columnData = this.#columns.map((column, index) => {
      const values = group.map((row) => row[column.name]);
      if (column.type === undefined) this.#settle(column, index, inferType(values));
      const { name, type } = column;
      return { name, data: type ? fitColumn(values, { name, type }, this.rows + 1) : values.map(() => null) };
    });
    void this.#writer.write({ columnData, rowGroupSize: group.length });
    this.rows += group.length;
  }

  finish(): void {
    void this.#writer.finish();
  }

  /** Gives a column its type: the groups before hold nothing but nulls of it, which are alike in every type. */
  #settle(column: Column, index: number, type: ColumnType | undefined): void {
    if (type === undefined) return;
    column.type = type;
    const element = schemaElement(column.name, type);
    this.#writer.schema[index + 1] = element;
    for (const { columns } of this.#writer.row_groups) {
      const metadata = columns[index]?.meta_data;
      if (metadata && element.type) metadata.type = element.type;
    }
  }

  #refuseNewColumns(group: readonly Row[]): void {
    for (const [index, row] of group.entries()) {
      for (const name in row) {
        if (this.#names.has(name) || row[name] === undefined || !Object.hasOwn(row, name)) continue;
        throw new MillraceError(
          'provider_error',
          `row ${this.rows + index + 1} has the column '${name}', which no row of the first row group has`,
          { fix: `Name it beforehand: putParquet(key, rows, { schema: { ${name}: '…' } }).` },
        );
      }
    }
  }
}

/** The columns: given ones, then those that the source declares or, if it does not, those of the first group. */
function declaredColumns(rows: ParquetRows, options: ParquetOptions, group: readonly Row[]): Column[] {
  const columns = new Map<string, ColumnType | undefined>(Object.entries(options.schema ?? {}));
  const declared = (rows as { columns?: ColumnTypes }).columns ?? {};
  for (const [name, type] of Object.entries(declared)) if (!columns.has(name)) columns.set(name, type);
  for (const row of group) for (const name of Object.keys(row)) if (!columns.has(name)) columns.set(name, undefined);
  return [...columns].map(([name, type]) => ({ name, type: type ?? inferType(group.map((row) => row[name])) }));
}

async function* groups(rows: ParquetRows, size: number): AsyncGenerator<Row[], void, undefined> {
  let group: Row[] = [];
  let bytes = 0;
  for await (const row of rows) {
    group.push(row as Row);
    bytes += approximateBytes(row as Row);
    if (group.length < size && bytes < GROUP_BYTES) continue;
    yield group;
    group = [];
    bytes = 0;
  }
  if (group.length > 0) yield group;
}

function approximateBytes(row: Row): number {
  let bytes = 0;
  for (const name in row) {
    const value = row[name];
    if (typeof value === 'string') bytes += value.length;
    else if (value instanceof Uint8Array) bytes += value.byteLength;
    else if (typeof value === 'object' && value !== null && !(value instanceof Date))
      bytes += JSON.stringify(value).length;
    bytes += 8;
  }
  return bytes;
}

/** Takes what was written since the last time. */
function take(writer: ByteWriter): Uint8Array {
  const bytes = writer.getBytes().slice();
  writer.index = 0;
  return bytes;
}
