import { MillraceError } from '../../model/errors.ts';
import { quoteTable } from './identifier.ts';
import { isJson } from './types.ts';

type Query = (sql: string, values: readonly string[]) => Promise<{ rows: unknown[] }>;

/** The columns of a table as the catalogue knows them. */
export class TableColumns {
  readonly #table: string;
  readonly #types: ReadonlyMap<string, number>;

  private constructor(table: string, types: ReadonlyMap<string, number>) {
    this.#table = table;
    this.#types = types;
  }

  static async read(table: string, query: Query): Promise<TableColumns> {
    const { rows } = await query(
      `SELECT attname AS name, atttypid::int4 AS type FROM pg_catalog.pg_attribute
        WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum`,
      [quoteTable(table)],
    );
    return new TableColumns(
      table,
      new Map((rows as { name: string; type: number }[]).map((row) => [row.name, row.type])),
    );
  }

  /** Names in the table's order; generated columns are left out. */
  get names(): readonly string[] {
    return [...this.#types.keys()];
  }

  /** The type's object id. Throws for a column that the table does not have. */
  typeOf(name: string): number {
    const type = this.#types.get(name);
    if (type !== undefined) return type;
    throw new MillraceError('invalid_argument', `table '${this.#table}' has no column '${name}' that can be written`, {
      fix: `Its columns are ${this.names.join(', ')}.`,
    });
  }

  isJson(name: string): boolean {
    return isJson(this.typeOf(name));
  }
}
