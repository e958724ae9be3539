import { startDatabases } from '../parts/databases.ts';
import { lockFolder } from '../parts/folder-lock.ts';
import { assembleWorld, type World } from '../parts/world.ts';
import { createWarehouse, loadPurchases } from './revenue.ts';

/** The example's home in MILLRACE_HOME. */
export const HOME = 'example/daily-revenue';

/** The days of the data. */
export const FIRST_DAY = '1997-01-01';
export const LAST_DAY = '1998-06-30';
export const DAYS = 546;

export interface WorldOptions {
  /** The example's own home; what the parts keep is in it too. */
  readonly home: string;
  /** Where connections may be given: one that is there is used, and nothing is started in its place. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/**
 * Starts what is around the pipeline: the shop's database and the warehouse (one PostgreSQL). Throws when another
 * process runs it in the same home.
 */
export async function startWorld({ home, env = process.env }: WorldOptions): Promise<World> {
  const lock = lockFolder(home);
  const shop = { connection: 'POSTGRES_DEFAULT', name: 'shop', what: 'shop', prepare: loadPurchases };
  const warehouse = {
    connection: 'WAREHOUSE_DEFAULT',
    name: 'warehouse',
    what: 'warehouse',
    prepare: createWarehouse,
  };
  try {
    const world = await assembleWorld([
      () => startDatabases(home, [shop, warehouse], (name) => env[name] || undefined),
    ]);
    return { ...world, stop: () => world.stop().finally(() => lock.release()) };
  } catch (error) {
    lock.release();
    throw error;
  }
}
