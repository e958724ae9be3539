import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { storeConformance } from '../conformance/suite.ts';
import { SqliteStore } from './store.ts';

storeConformance('SQLite in a file', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-sqlite-'));
  const path = join(folder, 'state.db');
  const store = SqliteStore.open(path);
  const others: SqliteStore[] = [];
  return {
    store,
    async another() {
      const other = SqliteStore.open(path);
      others.push(other);
      return other;
    },
    async sql(statement) {
      const database = new Sqlite(path);
      database.exec(statement);
      database.close();
    },
    async close() {
      await Promise.all([store, ...others].map((each) => each.close()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
});

storeConformance('SQLite in memory', async () => {
  const store = SqliteStore.open(':memory:');
  return { store, another: null, sql: null, close: () => store.close() };
});
