import {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { extname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import Database from 'better-sqlite3';
import { type Purchase, readPurchases } from '../parts/purchases.ts';
import { CSV_HEADER } from './source-files.ts';

/** A source's file, made of the purchases of some customers. */
export interface SourceFile {
  /** From 1. */
  readonly id: number;
  readonly name: string;
  readonly path: string;
}

export const SOURCES = 50;

/** Customers of a source; the last one has the 442 that are left of 23,570. */
const CUSTOMERS = 472;

/** The shops' files in a folder: odd ones are CSV files, even ones SQLite databases. */
export function sourceFiles(folder: string): SourceFile[] {
  return Array.from({ length: SOURCES }, (_, index) => {
    const id = index + 1;
    const name = `store_${String(id).padStart(2, '0')}`;
    return { id, name, path: join(folder, `${name}.${id % 2 === 1 ? 'csv' : 'db'}`) };
  });
}

/** How the config table names a file. */
export function connectionString(path: string): string {
  return `${extname(path) === '.csv' ? 'csv' : 'sqlite'}://${pathToFileURL(path).pathname}`;
}

/** Makes the files that are not there. */
export async function cutSources(folder: string): Promise<SourceFile[]> {
  mkdirSync(folder, { recursive: true });
  const files = sourceFiles(folder);
  await write(files.filter(({ path }) => !existsSync(path)));
  return files;
}

async function write(files: readonly SourceFile[]): Promise<void> {
  if (files.length === 0) return;
  const purchases = Map.groupBy(await Array.fromAsync(readPurchases()), ({ customerId }) =>
    Math.ceil(customerId / CUSTOMERS),
  );
  for (const { id, path } of files) {
    // Beside it and renamed, so that nobody ever sees half of a file.
    const beginning = `${path}.new`;
    rmSync(beginning, { force: true });
    if (extname(path) === '.csv') writeCsv(beginning, purchases.get(id) ?? []);
    else writeSqlite(beginning, purchases.get(id) ?? []);
    renameSync(beginning, path);
  }
}

/** Cuts the second half of a source's file off. Throws when there is no source of this name. */
export async function breakSource(folder: string, name: string): Promise<SourceFile> {
  const file = (await cutSources(folder)).find((source) => source.name === name);
  if (!file) throw new Error(`There is no source ${name}: they are store_01 to store_${SOURCES}.`);
  const half = Math.floor(statSync(file.path).size / 2);
  // In a CSV file in the middle of a line, so that it is half a file for whoever reads it.
  const end = extname(file.path) === '.csv' ? readFileSync(file.path).lastIndexOf(',', half) : half;
  truncateSync(file.path, Math.max(0, end));
  return file;
}

/** Makes all files anew. */
export async function mendSources(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await write(sourceFiles(folder));
}

function writeCsv(path: string, purchases: readonly Purchase[]): void {
  const lines = purchases.map(({ customerId, date, quantity, amount }) =>
    [customerId, date, quantity, amount.toFixed(2)].join(','),
  );
  writeFileSync(path, `${[CSV_HEADER, ...lines].join('\n')}\n`);
}

function writeSqlite(path: string, purchases: readonly Purchase[]): void {
  const database = new Database(path);
  database.pragma('synchronous = off');
  const write = database.transaction(() => {
    database.exec(`
      CREATE TABLE purchases (
        customer_id  INTEGER NOT NULL,
        date         TEXT NOT NULL,
        quantity     INTEGER NOT NULL,
        amount_cents INTEGER NOT NULL
      )`);
    const insert = database.prepare('INSERT INTO purchases VALUES (?, ?, ?, ?)');
    for (const { customerId, date, quantity, amount } of purchases) {
      insert.run(customerId, date, quantity, Math.round(amount * 100));
    }
  });
  write();
  database.close();
}
