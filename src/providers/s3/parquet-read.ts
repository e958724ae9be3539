import * as zlib from 'node:zlib';
import type { AsyncBuffer, Compressors } from 'hyparquet';
import { loadPeer } from '../peer.ts';
import { type ColumnType, Rows } from '../rows.ts';
import { columnTypeOf, fromParquet } from './parquet-schema.ts';

export interface ParquetReadOptions {
  /** Columns to read; the others are not even fetched. Default: all. */
  readonly columns?: readonly string[];
}

/** Node's own, where it has them: many times faster than the ones in JavaScript. zstd came with Node 22.15. */
const NATIVE: Compressors = {
  GZIP: (input) => zlib.gunzipSync(input),
  BROTLI: (input) => zlib.brotliDecompressSync(input),
  ...('zstdDecompressSync' in zlib ? { ZSTD: (input: Uint8Array) => zlib.zstdDecompressSync(input) } : {}),
};

/** The rows of a Parquet file, one row group in memory at a time. `open` is called once for every reading. */
export function parquetRows<T>(open: () => Promise<AsyncBuffer>, options: ParquetReadOptions): Rows<T> {
  return new Rows<T>(async function* (declare) {
    const { parquetMetadataAsync, parquetReadObjects, parquetSchema } = await loadPeer(
      'hyparquet',
      () => import('hyparquet'),
    );
    const { compressors } = await loadPeer('hyparquet-compressors', () => import('hyparquet-compressors'));
    const file = await open();
    const metadata = await parquetMetadataAsync(file);
    const wanted = options.columns && new Set(options.columns);
    const types: [string, ColumnType][] = [];
    for (const { element } of parquetSchema(metadata).children) {
      if (!wanted || wanted.has(element.name)) types.push([element.name, columnTypeOf(element)]);
    }
    declare(Object.fromEntries(types));
    const names = types.map(([name]) => name);
    let rowStart = 0;
    for (const group of metadata.row_groups) {
      const rowEnd = rowStart + Number(group.num_rows);
      const rows = await parquetReadObjects({
        file,
        metadata,
        rowStart,
        rowEnd,
        compressors: { ...compressors, ...NATIVE },
        utf8: false,
        ...(options.columns ? { columns: [...options.columns] } : {}),
      });
      for (const row of rows) {
        for (const name of names) row[name] = fromParquet(row[name]);
      }
      if (rows.length > 0) yield rows as T[];
      rowStart = rowEnd;
    }
  });
}
