import { loadShop } from '../../examples/customer-pipeline/shop.ts';
import { createWarehouse } from '../../examples/customer-pipeline/warehouse.ts';
import { connected, inTransaction } from '../../examples/parts/databases.ts';
import { type Postgres, startPostgres } from '../../examples/parts/postgres.ts';

/**
 * The shop's database and the warehouse on a PostgreSQL that outlives the example, which count how often the flow
 * read the customers and how often scores were loaded. A count is written in the transaction that it counts, so it is exact.
 */
export class CountedDatabases {
  readonly #server: Postgres;
  readonly shop: string;
  readonly warehouse: string;

  private constructor(server: Postgres, uris: { readonly shop: string; readonly warehouse: string }) {
    this.#server = server;
    this.shop = uris.shop;
    this.warehouse = uris.warehouse;
  }

  static async start({ folder, asOf }: { folder: string; asOf: Date }): Promise<CountedDatabases> {
    const server = await startPostgres({ folder });
    const shop = await server.ensureDatabase('shop');
    const warehouse = await server.ensureDatabase('warehouse');
    await loadShop(shop, asOf);
    await inTransaction(shop, (client) => client.query(COUNT_READS));
    await createWarehouse(warehouse);
    await inTransaction(warehouse, (client) => client.query(COUNT_LOADS));
    return new CountedDatabases(server, { shop, warehouse });
  }

  /** The secrets that the flow takes. */
  get flowSecrets(): Readonly<Record<string, string>> {
    return { MILLRACE_SECRET_POSTGRES_URL: this.shop, MILLRACE_SECRET_WAREHOUSE_URL: this.warehouse };
  }

  async counts(): Promise<{ readonly reads: number; readonly loads: number }> {
    const [reads, loads] = await Promise.all([
      count(this.shop, "SELECT count(*)::integer AS n FROM reads WHERE query LIKE '%BETWEEN $1 AND $2%'"),
      count(this.warehouse, 'SELECT count(DISTINCT transaction)::integer AS n FROM loads'),
    ]);
    return { reads, loads };
  }

  stop(): Promise<void> {
    return this.#server.stop();
  }
}

async function count(uri: string, sql: string): Promise<number> {
  const { rows } = await connected(uri, (client) => client.query<{ n: number }>(sql));
  return rows[0]!.n;
}

/**
 * A view in place of the table, which notes each time that it is read, and with what: the example's world counts the
 * customers too. It keeps the mark of the table.
 */
const COUNT_READS = `
  CREATE TABLE reads (query text NOT NULL);
  CREATE FUNCTION note_read() RETURNS integer LANGUAGE sql VOLATILE AS
    'INSERT INTO reads VALUES (current_query()) RETURNING 1';
  ALTER TABLE customers RENAME TO customers_read;
  CREATE VIEW customers AS SELECT customers_read.* FROM note_read(), customers_read;
  DO $$ BEGIN
    EXECUTE format('COMMENT ON VIEW customers IS %L', obj_description('customers_read'::regclass, 'pg_class'));
  END $$`;

const COUNT_LOADS = `
  CREATE TABLE loads (transaction xid8 NOT NULL);
  CREATE FUNCTION note_load() RETURNS trigger LANGUAGE plpgsql AS
    'BEGIN INSERT INTO loads VALUES (pg_current_xact_id()); RETURN NULL; END';
  CREATE TRIGGER note_load AFTER INSERT ON customer_scores FOR EACH STATEMENT EXECUTE FUNCTION note_load()`;
