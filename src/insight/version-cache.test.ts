import { expect, it } from 'vitest';
import type { VersionRow } from '../store/rows.ts';
import type { Queries } from '../store/store.ts';
import { VersionCache } from './version-cache.ts';

function counted(there: (id: number) => boolean) {
  const asked: number[] = [];
  const version = async (id: number) => {
    asked.push(id);
    return there(id) ? ({ id } as VersionRow) : null;
  };
  return { asked, queries: { version } as Pick<Queries, 'version'> as Queries };
}

it('reads each version once, and forgets the oldest', async () => {
  const { asked, queries } = counted(() => true);
  const cache = new VersionCache();
  await Promise.all([cache.get(queries, 1), cache.get(queries, 1)]);
  expect(asked).toEqual([1]);
  for (let id = 2; id <= 201; id += 1) await cache.get(queries, id);
  await cache.get(queries, 201);
  expect(asked.length).toBe(201);
  await cache.get(queries, 1);
  expect(asked.at(-1)).toBe(1);
});

it('says that one is gone, and looks again', async () => {
  let isThere = false;
  const { queries } = counted(() => isThere);
  const cache = new VersionCache();
  await expect(cache.get(queries, 7)).rejects.toMatchObject({ code: 'conflict', fix: 'Ask again.' });
  isThere = true;
  expect(await cache.get(queries, 7)).toEqual({ id: 7 });
});
