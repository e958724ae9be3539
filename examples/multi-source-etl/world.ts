import { join } from 'node:path';
import { startDatabases } from '../parts/databases.ts';
import { lockFolder } from '../parts/folder-lock.ts';
import { assembleWorld, type World } from '../parts/world.ts';
import { addSource, prepareConfigTable } from './config-table.ts';
import { cutSources } from './sources.ts';
import { createWarehouse } from './warehouse.ts';

export interface WorldOptions {
  /** The example's own home; what the parts keep is in it too. */
  readonly home: string;
  /** Where connections may be given: one that is there is used, and nothing is started in its place. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** A file to add to the config table. */
  readonly add?: string | undefined;
}

/** The example's home in MILLRACE_HOME. */
export const HOME = 'example/multi-source-etl';

/** Where the sources' files are. */
export const sourcesFolder = (home: string) => join(home, 'sources');

/**
 * Starts everything around the pipeline: the config database and the warehouse (one PostgreSQL), and the sources'
 * files. Throws when another process runs it in the same home.
 */
export async function startWorld({ home, env = process.env, add }: WorldOptions): Promise<World> {
  const lock = lockFolder(home);
  try {
    const sources = sourcesFolder(home);
    const files = await cutSources(sources);
    const config = {
      connection: 'CONFIG_DB',
      name: 'config',
      what: 'config table data_sources',
      prepare: async (uri: string) => {
        await prepareConfigTable(uri, files);
        if (add !== undefined) await addSource(uri, add);
      },
    };
    const warehouse = {
      connection: 'WAREHOUSE_DEFAULT',
      name: 'warehouse',
      what: 'warehouse',
      prepare: createWarehouse,
    };
    const world = await assembleWorld([
      () => startDatabases(home, [config, warehouse], (name) => env[name] || undefined),
      async () => ({ places: [{ what: 'files of the sources', where: sources }] }),
    ]);
    return { ...world, stop: () => world.stop().finally(() => lock.release()) };
  } catch (error) {
    lock.release();
    throw error;
  }
}
