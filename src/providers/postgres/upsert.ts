import { MillraceError } from '../../model/errors.ts';
import { quoteName, quoteTable } from './identifier.ts';
import type { TableColumns } from './table.ts';
import { valueText } from './text.ts';

export type Row = Readonly<Record<string, unknown>>;

export interface UpsertOptions<R> {
  /** Column or columns of the unique index that says whether a row is there already. */
  readonly key: string | readonly string[];
  /** Makes the table's row from an item; without it the item is the row. */
  readonly row?: (item: R) => Row;
  /** Columns that are set when the row is there already. Default: all but the key. Empty: such a row stays as it is. */
  readonly update?: readonly string[];
  /** Rows in one statement, 1000 unless given; fewer when the columns are many. */
  readonly batchSize?: number;
}

/** The protocol counts a statement's parameters in 16 bits. */
const MOST_PARAMETERS = 65_535;
const DEFAULT_BATCH_SIZE = 1000;

type Execute = (sql: string, values: readonly (string | null)[]) => Promise<unknown>;

/** Collects rows and writes them in statements of many; rows of one statement have the same columns and no key twice. */
export class UpsertBatch {
  readonly #table: string;
  readonly #columns: TableColumns;
  readonly #key: readonly string[];
  readonly #update: readonly string[] | undefined;
  readonly #batchSize: number;
  readonly #execute: Execute;
  readonly #rows = new Map<unknown, (string | null)[]>();
  #names: readonly string[] | undefined;
  #sql = { rows: 0, text: '' };

  constructor(table: string, columns: TableColumns, options: UpsertOptions<never>, execute: Execute) {
    const { key, update, batchSize = DEFAULT_BATCH_SIZE } = options;
    this.#table = table;
    this.#columns = columns;
    this.#key = typeof key === 'string' ? [key] : key;
    this.#update = update;
    this.#batchSize = batchSize;
    this.#execute = execute;
    if (this.#key.length === 0)
      throw new MillraceError('invalid_argument', 'upsert() needs a key of at least one column');
    if (!Number.isInteger(batchSize) || batchSize < 1) {
      throw new MillraceError('invalid_argument', `a batch of ${batchSize} rows is not possible`);
    }
    for (const name of [...this.#key, ...(update ?? [])]) columns.typeOf(name);
  }

  async add(row: Row): Promise<void> {
    // An absent column keeps its default or its value, and null is null: rows of different columns cannot share a statement.
    const names = Object.keys(row).filter((name) => row[name] !== undefined);
    if (!this.#names || !sameNames(names, this.#names)) {
      await this.flush();
      this.#start(names);
    }
    const values = names.map((name) => valueText(row[name], { json: this.#columns.isJson(name) }));
    const key = this.#key.map((name) => values[names.indexOf(name)]!);
    // NULL equals nothing, so such a row is never there already.
    const identity = key.includes(null as never) ? Symbol() : JSON.stringify(key);
    this.#rows.delete(identity);
    this.#rows.set(identity, values);
    if (this.#rows.size >= Math.min(this.#batchSize, Math.floor(MOST_PARAMETERS / names.length))) await this.flush();
  }

  async flush(): Promise<void> {
    const rows = this.#rows.size;
    if (rows === 0 || !this.#names) return;
    if (this.#sql.rows !== rows) this.#sql = { rows, text: this.#statement(this.#names, rows) };
    const values = [...this.#rows.values()].flat();
    this.#rows.clear();
    await this.#execute(this.#sql.text, values);
  }

  #start(names: readonly string[]): void {
    for (const name of names) this.#columns.typeOf(name);
    const missing = this.#key.find((name) => !names.includes(name));
    if (missing !== undefined) {
      throw new MillraceError('invalid_argument', `a row for '${this.#table}' lacks the key column '${missing}'`, {
        fix: 'Set it in what the `row` option returns.',
      });
    }
    this.#names = names;
    this.#sql = { rows: 0, text: '' };
  }

  #statement(names: readonly string[], rows: number): string {
    const tuple = (row: number) => `(${names.map((_, column) => `$${row * names.length + column + 1}`).join(',')})`;
    const update = (this.#update ?? names.filter((name) => !this.#key.includes(name))).filter((name) =>
      names.includes(name),
    );
    const set = update.map((name) => `${quoteName(name)} = EXCLUDED.${quoteName(name)}`).join(', ');
    return [
      `INSERT INTO ${quoteTable(this.#table)} (${names.map(quoteName).join(', ')})`,
      `VALUES ${Array.from({ length: rows }, (_, row) => tuple(row)).join(',')}`,
      `ON CONFLICT (${this.#key.map(quoteName).join(', ')})`,
      set === '' ? 'DO NOTHING' : `DO UPDATE SET ${set}`,
    ].join(' ');
  }
}

function sameNames(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((name, index) => name === right[index]);
}
