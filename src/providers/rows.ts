/** What kind of values a column of rows holds. `integer` is a whole number of 64 bits, `json` any array or object. */
export type ColumnType = 'boolean' | 'integer' | 'number' | 'string' | 'timestamp' | 'json' | 'bytes';

export type ColumnTypes = Readonly<Record<string, ColumnType>>;

/** Told by a source of rows before its first chunk, if it knows. */
export type DeclareColumns = (types: ColumnTypes) => void;

/**
 * Rows that are read while they are consumed, in bounded memory. Every iteration reads them anew; leaving a loop early
 * gives connection and memory back.
 */
export class Rows<T> implements AsyncIterable<T> {
  readonly #read: (declare: DeclareColumns) => AsyncIterable<readonly T[]>;
  #columns: ColumnTypes | undefined;

  /** `read` starts one reading of the rows, in chunks of any size. */
  constructor(read: (declare: DeclareColumns) => AsyncIterable<readonly T[]>) {
    this.#read = read;
  }

  /** Names and types of the columns, in their order: known from the first row on, if the source tells them. */
  get columns(): ColumnTypes | undefined {
    return this.#columns;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    for await (const chunk of this.#chunks()) yield* chunk;
  }

  /** The rows in arrays of `size`; the last may be shorter, and none is empty. */
  async *batches(size: number): AsyncGenerator<T[], void, undefined> {
    if (!Number.isInteger(size) || size < 1) throw new RangeError(`a batch of ${size} rows is not possible`);
    let batch: T[] = [];
    for await (const chunk of this.#chunks()) {
      for (const row of chunk) {
        batch.push(row);
        if (batch.length < size) continue;
        yield batch;
        batch = [];
      }
    }
    if (batch.length > 0) yield batch;
  }

  /** All rows at once, in memory. */
  async toArray(): Promise<T[]> {
    const rows: T[] = [];
    for await (const chunk of this.#chunks()) for (const row of chunk) rows.push(row);
    return rows;
  }

  #chunks(): AsyncIterable<readonly T[]> {
    return this.#read((types) => {
      this.#columns = types;
    });
  }
}
