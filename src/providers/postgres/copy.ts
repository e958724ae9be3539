import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { loadPeer } from '../peer.ts';
import type { HeldConnection } from './held.ts';
import { quoteName, quoteTable } from './identifier.ts';
import type { TableColumns } from './table.ts';
import { copyText, valueText } from './text.ts';
import type { Row } from './upsert.ts';

export interface CopyOptions {
  /**
   * The columns to fill. Default: the keys of the first row or, for rows that are arrays, all columns of the table in
   * their order.
   */
  readonly columns?: readonly string[];
}

export type CopyRows = Iterable<Row | readonly unknown[]> | AsyncIterable<Row | readonly unknown[]>;

/** Text that is collected before it goes to the server. */
const CHUNK_CHARACTERS = 64 * 1024;

/** Sends the rows by COPY, one statement: all or none. Gives the number of rows. */
export async function copyRows(
  held: HeldConnection,
  table: { readonly name: string; readonly columns: TableColumns },
  rows: CopyRows,
  options: CopyOptions,
): Promise<number> {
  const copyStreams = await loadPeer('pg-copy-streams', () => import('pg-copy-streams'));
  const from = copyStreams.from ?? copyStreams.default.from;
  const source = iterate(rows);
  try {
    const first = await source.next();
    if (first.done) return 0;
    const names = options.columns ?? (Array.isArray(first.value) ? table.columns.names : Object.keys(first.value));
    const json = names.map((name) => table.columns.isJson(name));
    const line = (row: Row | readonly unknown[]) =>
      names
        .map((name, index) => valueText(isArray(row) ? row[index] : row[name], { json: json[index]! }))
        .map(copyText)
        .join('\t');
    async function* chunks(): AsyncGenerator<string> {
      let chunk = '';
      for (let next = first; !next.done; next = await source.next()) {
        chunk += `${line(next.value)}\n`;
        if (chunk.length < CHUNK_CHARACTERS) continue;
        yield chunk;
        chunk = '';
      }
      if (chunk !== '') yield chunk;
    }
    const sql = `COPY ${quoteTable(table.name)} (${names.map(quoteName).join(', ')}) FROM STDIN`;
    return await held.run(async (client) => {
      const target = client.query(from(sql));
      await pipeline(Readable.from(chunks()), target);
      return target.rowCount;
    });
  } finally {
    await source.return?.(undefined);
  }
}

function isArray(row: Row | readonly unknown[]): row is readonly unknown[] {
  return Array.isArray(row);
}

async function* iterate<T>(items: Iterable<T> | AsyncIterable<T>): AsyncGenerator<T, undefined> {
  yield* items;
  return undefined;
}
