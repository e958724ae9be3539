import { join } from 'node:path';
import { startPostgres } from '../src/testing/postgres-server.ts';
import { ThinEngine, type ThinOptions } from './floor/thin-engine.ts';
import { ThinPostgres } from './floor/thin-postgres.ts';
import { ThinSqlite } from './floor/thin-sqlite.ts';
import { scratchFolder } from './scratch.ts';

/** The thin engine on a SQLite file of its own, which goes with it. */
export async function thinOnSqlite(options: Omit<ThinOptions, 'store'>) {
  const folder = await scratchFolder();
  const engine = await ThinEngine.start({ ...options, store: new ThinSqlite(join(folder.path, 'thin.db')) });
  return {
    engine,
    async stop() {
      await engine.stop();
      await folder.remove();
    },
  };
}

/** A PostgreSQL with its default durability (fsync and synchronous_commit on), for the product and for the floor. */
export async function onPostgres(options: Omit<ThinOptions, 'store'>) {
  const server = await startPostgres();
  const store = await ThinPostgres.open(await server.createDatabase('thin'));
  const engine = await ThinEngine.start({ ...options, store });
  return {
    engine,
    uri: await server.createDatabase('product'),
    async stop() {
      await engine.stop();
      await server.stop();
    },
  };
}
