import pg from 'pg';
import { afterAll, beforeAll } from 'vitest';
import { type PostgresServer, startPostgres } from '../../testing/postgres-server.ts';
import { storeConformance } from '../conformance/suite.ts';
import { PostgresStore } from './store.ts';

let server: PostgresServer;
let uri: string;
let schemas = 0;

beforeAll(async () => {
  server = await startPostgres();
  // A database that sorts as people do: "alpha" before "Zeta", which no answer may depend on.
  const client = new pg.Client({ connectionString: server.uri() });
  await client.connect();
  await client.query(`CREATE DATABASE conformance TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en'`);
  await client.end();
  uri = server.uri('conformance');
});

afterAll(() => server?.stop());

storeConformance('PostgreSQL', async () => {
  schemas += 1;
  const schema = `test "${schemas}"`;
  const store = await PostgresStore.open(uri, { schema });
  const others: PostgresStore[] = [];
  return {
    store,
    async another() {
      const other = await PostgresStore.open(uri, { schema });
      others.push(other);
      return other;
    },
    async sql(statement) {
      const client = new pg.Client({ connectionString: uri });
      await client.connect();
      try {
        await client.query(`SET search_path = ${client.escapeIdentifier(schema)}`);
        await client.query(statement);
      } finally {
        await client.end();
      }
    },
    async close() {
      await Promise.all([store, ...others].map((each) => each.close()));
    },
  };
});
