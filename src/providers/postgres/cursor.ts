import type pg from 'pg';
import { loadPeer } from '../peer.ts';
import type { DeclareColumns } from '../rows.ts';
import type { HeldConnection } from './held.ts';
import { columnType, type NumericAs } from './types.ts';

export interface Statement {
  readonly sql: string;
  readonly values: readonly (string | null)[];
  readonly types: pg.CustomTypesConfig;
  readonly numericAs: NumericAs;
}

/** Rows that are fetched in one round trip. */
const FETCH_SIZE = 1000;

/** Reads through a cursor of the protocol: the connection serves nothing else until the reading ends. */
export async function* readPortal<T>(
  held: HeldConnection,
  statement: Statement,
  declare: DeclareColumns,
): AsyncGenerator<T[], void, undefined> {
  const { default: Cursor } = await loadPeer('pg-cursor', () => import('pg-cursor'));
  const cursor = held.client.query(new Cursor(statement.sql, [...statement.values], { types: statement.types }));
  const read = () =>
    new Promise<{ rows: T[]; fields: pg.FieldDef[] }>((resolve, reject) => {
      cursor.read(FETCH_SIZE, (error, rows, result) =>
        error ? reject(error) : resolve({ rows: rows as T[], fields: result?.fields ?? [] }),
      );
    });
  let connectionLost = false;
  try {
    for (let first = true; ; first = false) {
      const { rows, fields } = await held.run(read).catch((error) => {
        connectionLost = held.broken;
        throw error;
      });
      if (first) declareFields(fields, statement.numericAs, declare);
      if (rows.length > 0) yield rows;
      if (rows.length < FETCH_SIZE) return;
    }
  } finally {
    if (!connectionLost) await cursor.close();
  }
}

let declared = 0;

/** Reads through a cursor of SQL, inside a transaction: other statements of the transaction may run in between. */
export async function* readDeclared<T>(
  held: HeldConnection,
  statement: Statement,
  declare: DeclareColumns,
): AsyncGenerator<T[], void, undefined> {
  const name = `millrace_${++declared}`;
  const { sql, values, types, numericAs } = statement;
  await held.run((client) => client.query(`DECLARE ${name} NO SCROLL CURSOR FOR ${sql}`, [...values]));
  let failed = true;
  try {
    for (let first = true; ; first = false) {
      const { rows, fields } = await held.run((client) =>
        client.query({ text: `FETCH FORWARD ${FETCH_SIZE} FROM ${name}`, types }),
      );
      if (first) declareFields(fields, numericAs, declare);
      failed = false;
      if (rows.length > 0) yield rows as T[];
      if (rows.length < FETCH_SIZE) return;
      failed = true;
    }
  } finally {
    // After a failed statement the transaction takes none but ROLLBACK, which closes the cursor too.
    if (!failed) await held.run((client) => client.query(`CLOSE ${name}`));
  }
}

function declareFields(fields: readonly pg.FieldDef[], numericAs: NumericAs, declare: DeclareColumns): void {
  declare(Object.fromEntries(fields.map(({ name, dataTypeID }) => [name, columnType(dataTypeID, numericAs)])));
}
