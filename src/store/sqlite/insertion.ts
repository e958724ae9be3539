import type { Database } from './database.ts';

/** Rows in one statement. A call costs about as much as writing a row; beyond this more make no difference. */
const TOGETHER = 16;

/** Inserts of one kind, as few statements as there may be. */
export class Insertion {
  readonly #width: number;
  readonly #one: string;
  readonly #many: string;

  /** @param onConflict what is done about a row that is there already; default: an error. */
  constructor(table: string, columns: readonly string[], onConflict = '') {
    const row = `(${columns.map(() => '?').join(', ')})`;
    const text = (rows: number) =>
      `INSERT INTO ${table} (${columns.join(', ')}) VALUES ${Array(rows).fill(row).join(', ')} ${onConflict}`;
    this.#width = columns.length;
    this.#one = text(1);
    this.#many = text(TOGETHER);
  }

  /** @param values of a row, in the order of the columns. */
  insert<R>(db: Database, rows: readonly R[], values: (row: R) => readonly unknown[]): void {
    let from = 0;
    for (; rows.length - from >= TOGETHER; from += TOGETHER) {
      const all = new Array<unknown>(TOGETHER * this.#width);
      for (let at = 0, next = 0; at < TOGETHER; at++) for (const value of values(rows[from + at]!)) all[next++] = value;
      db.prepare(this.#many).run(...all);
    }
    for (; from < rows.length; from++) db.prepare(this.#one).run(...values(rows[from]!));
  }
}
