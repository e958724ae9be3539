import { expect, test } from 'vitest';
import type { TokenRow } from '../access.ts';
import { type Open, withStore } from './open-store.ts';
import { oneRun } from './sample.ts';

const token = (name: string, change: Partial<TokenRow> = {}): TokenRow => ({
  name,
  role: 'user',
  hash: `hash of ${name}`,
  createdAt: 1,
  ...change,
});

export function accessConformance(open: Open): void {
  test(
    'tokens are found by their hash until they are revoked; a name is given once',
    withStore(open, async (store) => {
      const { queries } = store;
      expect(await queries.tokens()).toEqual([]);
      await store.transaction(async ({ access }) => {
        expect(await access.addToken(token('b', { role: 'admin' }))).toBe(true);
        expect(await access.addToken(token('a'))).toBe(true);
        expect(await access.addToken(token('a', { hash: 'another' }))).toBe(false);
      });
      expect(await queries.tokens()).toEqual([token('a'), token('b', { role: 'admin' })]);
      expect(await queries.tokenByHash('hash of b')).toEqual(token('b', { role: 'admin' }));
      expect(await queries.tokenByHash('another')).toBeNull();
      await store.transaction(async ({ access }) => {
        expect(await access.revokeToken('b')).toBe(true);
        expect(await access.revokeToken('b')).toBe(false);
      });
      expect(await queries.tokenByHash('hash of b')).toBeNull();
    }),
  );

  test(
    'a session is good until its end, it is signed out, or its token is revoked',
    withStore(open, async (store) => {
      const { queries } = store;
      const session = (hash: string, of: string, expiresAt: number) => ({ hash, token: of, createdAt: 5, expiresAt });
      await store.transaction(async ({ access }) => {
        await access.addToken(token('a'));
        await access.addToken(token('b'));
        for (const hash of ['one', 'two']) await access.addSession(session(hash, 'a', 100));
        await access.addSession(session('three', 'b', 50));
        await access.addSession(session('four', 'nobody', 100));
      });
      expect(await queries.tokenBySession('one', 99)).toEqual(token('a'));
      expect(await queries.tokenBySession('one', 100)).toBeNull();
      expect(await queries.tokenBySession('three', 49)).toEqual(token('b'));
      expect(await queries.tokenBySession('four', 9)).toBeNull();
      await store.transaction(({ access }) => access.endSession('one'));
      expect(await queries.tokenBySession('one', 9)).toBeNull();
      expect(await queries.tokenBySession('two', 9)).toEqual(token('a'));
      await store.transaction(({ access }) => access.revokeToken('a'));
      expect(await queries.tokenBySession('two', 9)).toBeNull();
      // Another token of the same name does not bring them back.
      await store.transaction(({ access }) => access.addToken(token('a', { hash: 'new' })));
      expect(await queries.tokenBySession('two', 9)).toBeNull();
    }),
  );

  test(
    'an instance has one note, which is written anew or taken away',
    withStore(open, async (store) => {
      const { id: run } = await oneRun(store);
      const key = { run, task: 0, index: -1 };
      const put = (note: string | null) => store.transaction(({ notes }) => notes.put(key, note));
      const noted = async () => (await store.readings.notes([run])).get(`${run}.0.-1`);
      expect(await noted()).toBeUndefined();
      await put('looked at');
      await put('again');
      expect(await noted()).toBe('again');
      await put(null);
      expect(await noted()).toBeUndefined();
    }),
  );

  test(
    'a mapped instance is called by its latest name',
    withStore(open, async (store) => {
      const { id: run } = await oneRun(store);
      const put = (...names: readonly string[]) =>
        store.transaction(({ instanceNames }) =>
          instanceNames.put(names.map((name, index) => ({ run, task: 0, index, name }))),
        );
      await put('north', 'south');
      await put('east');
      await put();
      const twice = ['west', 'east'].map((name) => ({ run, task: 0, index: 0, name }));
      await store.transaction(({ instanceNames }) => instanceNames.put(twice));
      expect(Object.fromEntries(await store.readings.instanceNames([run]))).toEqual({
        [`${run}.0.0`]: 'east',
        [`${run}.0.1`]: 'south',
      });
      expect(await store.readings.instanceNames([])).toEqual(new Map());
    }),
  );
}
