import { expect, test } from 'vitest';
import { MIGRATIONS } from '../migrations.ts';
import { type Open, withStore } from './open-store.ts';
import { oneRun } from './sample.ts';

export function migrationConformance(open: Open): void {
  test('a new database is brought up to date once', async () => {
    const { store, close } = await open();
    const wanted = MIGRATIONS.length;
    try {
      expect(await store.version()).toEqual({ current: 0, wanted });
      expect(await store.migrate()).toEqual({ from: 0, to: wanted });
      expect(await store.version()).toEqual({ current: wanted, wanted });
      expect(await store.migrate()).toEqual({ from: wanted, to: wanted });
    } finally {
      await close();
    }
  });

  test(
    'migrating again leaves what is there',
    withStore(open, async (store) => {
      const run = await oneRun(store);
      await store.migrate();
      expect(await store.queries.run(run.id)).toEqual(run);
    }),
  );

  test('several that start together migrate one after the other', async () => {
    const { store, another, close } = await open();
    try {
      const stores = [store, ...(another ? [await another(), await another()] : [])];
      const results = await Promise.all(stores.map((each) => each.migrate()));
      expect(results.filter(({ from }) => from === 0)).toHaveLength(1);
      expect(results.every(({ to }) => to === MIGRATIONS.length)).toBe(true);
    } finally {
      await close();
    }
  });

  test(
    'a database of a newer version is refused and not touched',
    withStore(open, async (store, { sql }) => {
      if (!sql) return;
      const version = MIGRATIONS.length + 7;
      await sql(
        store.dialect === 'sqlite'
          ? `PRAGMA user_version = ${version}`
          : `UPDATE meta SET value = '${version}' WHERE key = 'schema_version'`,
      );
      await expect(store.migrate()).rejects.toMatchObject({ code: 'store_newer' });
      expect((await store.version()).current).toBe(version);
    }),
  );

  test(
    'there is a default pool, of the size that Airflow has',
    withStore(open, async (store) => {
      const pools = await store.transaction((tx) => tx.pools.list());
      expect(pools).toEqual([
        { name: 'default_pool', slots: 128, description: 'Default pool', includeDeferred: false },
      ]);
    }),
  );
}
