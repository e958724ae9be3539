import { expect, test } from 'vitest';
import type { ImportErrorRow, NewTimer } from '../rows.ts';
import { type Open, withStore } from './open-store.ts';

export function registerConformance(open: Open): void {
  test(
    'timers come due soonest first, and go once',
    withStore(open, async (store) => {
      const timer = (due: number, change: Partial<NewTimer> = {}): NewTimer => ({
        due,
        kind: 'retry',
        run: 1,
        task: 2,
        index: -1,
        attempt: 3,
        ...change,
      });
      await store.transaction(async (tx) => {
        expect(await tx.timers.next()).toBeNull();
        await tx.timers.add([]);
        await tx.timers.add([
          timer(300),
          timer(100, { kind: 'run_timeout', task: null, index: null, attempt: null }),
          timer(200),
        ]);
        await tx.timers.add([timer(100, { kind: 'deadline' })]);
        expect(await tx.timers.next()).toBe(100);
        expect(await tx.timers.due(99, 10)).toEqual([]);
        const due = await tx.timers.due(200, 10);
        expect(due.map(({ id, ...rest }) => rest)).toEqual([
          timer(100, { kind: 'run_timeout', task: null, index: null, attempt: null }),
          timer(100, { kind: 'deadline' }),
          timer(200),
        ]);
        expect(await tx.timers.due(200, 2)).toEqual(due.slice(0, 2));
        await tx.timers.remove(due.slice(0, 2).map(({ id }) => id));
        await tx.timers.remove([]);
        expect(await tx.timers.next()).toBe(200);
        await tx.timers.postpone([due[2]!.id], 500);
        await tx.timers.postpone([], 600);
        expect((await tx.timers.due(1000, 10)).map((row) => row.due)).toEqual([300, 500]);
      });
    }),
  );

  test(
    'thousands of timers at once',
    withStore(open, async (store) => {
      await store.transaction(async (tx) => {
        const timers = Array.from({ length: 12_000 }, (_, n) => ({ due: n, kind: 'retry' as const, run: 1, task: n }));
        await tx.timers.add(timers.map((timer) => ({ ...timer, index: -1, attempt: 1 })));
        const due = await tx.timers.due(20_000, 20_000);
        expect(due).toHaveLength(12_000);
        await tx.timers.remove(due.map(({ id }) => id));
        expect(await tx.timers.next()).toBeNull();
      });
    }),
  );

  test(
    'pools are put, listed by name and removed',
    withStore(open, async (store) => {
      await store.transaction(async (tx) => {
        const pool = { name: 'Zeta', slots: 3, description: 'd', includeDeferred: true };
        await tx.pools.put(pool);
        await tx.pools.put({ ...pool, name: 'alpha', slots: -1, includeDeferred: false });
        expect((await tx.pools.list()).map(({ name }) => name)).toEqual(['Zeta', 'alpha', 'default_pool']);
        await tx.pools.put({ ...pool, slots: 9 });
        expect(await tx.pools.get('Zeta')).toEqual({ ...pool, slots: 9 });
        expect(await tx.pools.get('zeta')).toBeNull();
        expect(await tx.pools.remove('Zeta')).toBe(true);
        expect(await tx.pools.remove('Zeta')).toBe(false);
      });
    }),
  );

  test(
    'servers have an id that is never used again, and a lease',
    withStore(open, async (store) => {
      await store.transaction(async (tx) => {
        const first = await tx.servers.register({ name: 'a', at: 1, leaseUntil: 10 });
        const second = await tx.servers.register({ name: 'a', at: 2, leaseUntil: 11 });
        expect(second).toBeGreaterThan(first);
        expect(await tx.servers.renew(first, 20)).toBe(true);
        expect(await tx.servers.list()).toEqual([
          { id: first, name: 'a', startedAt: 1, leaseUntil: 20 },
          { id: second, name: 'a', startedAt: 2, leaseUntil: 11 },
        ]);
        await tx.servers.remove(second);
        expect(await tx.servers.renew(second, 30)).toBe(false);
        expect(await tx.servers.register({ name: 'b', at: 3, leaseUntil: 12 })).toBeGreaterThan(second);
      });
    }),
  );

  test(
    'a server whose lease is over is given up, once and for all; one that has renewed it is not',
    withStore(open, async (store) => {
      await store.transaction(async (tx) => {
        const id = await tx.servers.register({ name: 'a', at: 1, leaseUntil: 10 });
        expect(await tx.servers.giveUp(id, 10)).toBe(false);
        expect(await tx.servers.renew(id, 20)).toBe(true);
        expect(await tx.servers.giveUp(id, 15)).toBe(false);
        expect(await tx.servers.hold(id)).toBe(true);
        expect(await tx.servers.giveUp(id, 21)).toBe(true);
        expect(await tx.servers.hold(id)).toBe(false);
        expect(await tx.servers.renew(id, 99)).toBe(false);
        expect(await tx.servers.hold(id + 1)).toBe(false);
        expect(await tx.servers.giveUp(id + 1, 99)).toBe(false);
      });
    }),
  );

  test(
    'a server that is held is given up after the transaction that holds it, not during it',
    withStore(open, async (store, { another }) => {
      const other = another ? await another() : store;
      const id = await store.transaction((tx) => tx.servers.register({ name: 'a', at: 1, leaseUntil: 10 }));
      const order: string[] = [];
      const held = Promise.withResolvers<void>();
      const go = Promise.withResolvers<void>();
      const holding = store.transaction(async (tx) => {
        expect(await tx.servers.hold(id)).toBe(true);
        held.resolve();
        await go.promise;
        await tx.servers.list();
        order.push('held');
      });
      await held.promise;
      const givingUp = other.transaction(async (tx) => {
        expect(await tx.servers.giveUp(id, 11)).toBe(true);
        order.push('given up');
      });
      go.resolve();
      await Promise.all([holding, givingUp]);
      expect(order).toEqual(['held', 'given up']);
    }),
  );

  for (const register of ['connections', 'variables', 'secrets'] as const) {
    test(
      `sealed ${register} are put, replaced, listed by name and removed`,
      withStore(open, async (store) => {
        await store.transaction(async (tx) => {
          const row = { name: 'db', sealed: 'v1:abc"{}', summary: '{"host":"x"}', updatedAt: 5 };
          await tx[register].put(row);
          await tx[register].put({ ...row, name: 'a' });
          await tx[register].put({ ...row, sealed: 'v1:def', updatedAt: 6 });
          expect(await tx[register].get('db')).toEqual({ ...row, sealed: 'v1:def', updatedAt: 6 });
          expect(await tx[register].get('other')).toBeNull();
          expect((await tx[register].list()).map(({ name }) => name)).toEqual(['a', 'db']);
          expect(await tx[register].remove('db')).toBe(true);
          expect(await tx[register].remove('db')).toBe(false);
        });
      }),
    );
  }

  test(
    'registers of sealed values are apart',
    withStore(open, async (store) => {
      await store.transaction(async (tx) => {
        await tx.secrets.put({ name: 'x', sealed: 's', summary: '', updatedAt: 1 });
        expect(await tx.variables.get('x')).toBeNull();
        expect(await tx.connections.list()).toEqual([]);
      });
    }),
  );

  test(
    'import errors of a file are replaced, and listed by file and line',
    withStore(open, async (store) => {
      const error = (file: string, line: number | null, message: string): ImportErrorRow => ({
        file,
        line,
        column: line === null ? null : 1,
        code: 'parse_error',
        message,
        fix: null,
        frame: null,
        at: 1,
      });
      await store.transaction(async (tx) => {
        await tx.importErrors.replace('b.ts', [error('b.ts', 9, 'nine'), error('b.ts', null, 'whole file')]);
        await tx.importErrors.replace('a.ts', [{ ...error('a.ts', 1, 'one'), fix: 'do', frame: '> 1 | x' }]);
        await tx.importErrors.replace('c.ts', [error('c.ts', 1, 'gone')]);
        await tx.importErrors.replace('c.ts', []);
        const messages = async () => (await tx.importErrors.list()).map(({ message }) => message);
        expect(await messages()).toEqual(['one', 'whole file', 'nine']);
        await tx.importErrors.replace('b.ts', [error('b.ts', 2, 'two')]);
        expect(await messages()).toEqual(['one', 'two']);
        expect((await tx.importErrors.list())[0]).toEqual({ ...error('a.ts', 1, 'one'), fix: 'do', frame: '> 1 | x' });
      });
    }),
  );
}
