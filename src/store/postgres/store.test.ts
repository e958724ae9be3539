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
  uri = await server.createDatabase('conformance');
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
