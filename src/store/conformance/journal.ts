import { expect, test } from 'vitest';
import type { LogChunk } from '../rows.ts';
import { type Open, withStore } from './open-store.ts';
import { attemptRow, NOON, newEvent, oneRun, someRuns } from './sample.ts';

export function journalConformance(open: Open): void {
  test(
    'attempts of a run come in order of task, index and attempt',
    withStore(open, async (store) => {
      const { id } = await oneRun(store);
      const key = { run: id, task: 1, index: -1 };
      const rows = [
        attemptRow({ ...key, task: 0, index: 5 }),
        attemptRow(key, { outcome: 'failed', reason: 'error', error: '{"message":"a \\"b\\" {c,d}\\n"}' }),
        attemptRow(key, { attempt: 2, startedAt: NOON + 10, endedAt: NOON + 11 }),
      ];
      await store.transaction(async (tx) => {
        await tx.attempts.insert([rows[2]!, rows[0]!]);
        await tx.attempts.insert([rows[1]!]);
        await tx.attempts.insert([]);
        // What is there already stays as it is.
        await tx.attempts.note([{ ...rows[0]!, worker: 'another' }]);
      });
      expect(await store.queries.attempts(id)).toEqual(rows);
      expect(await store.queries.attempts(id + 1)).toEqual([]);
      await store.transaction(async (tx) => {
        expect(await tx.attempts.last(id, 1)).toEqual(new Map([[-1, 2]]));
        expect(await tx.attempts.last(id, 0)).toEqual(new Map([[5, 1]]));
        expect(await tx.attempts.last(id, 7)).toEqual(new Map());
      });
    }),
  );

  test(
    'events are numbered in their order and read on from any of them',
    withStore(open, async (store) => {
      const [a, b] = (await someRuns(store, 2)).map(({ id }) => id) as [number, number];
      expect(await store.queries.lastEvent()).toBe(0);
      const given = [
        newEvent('run.queued', { run: a, workflowId: 1, data: '{"a":"\\u0000, \\"b\\""}' }),
        newEvent('instance.running', { run: b, task: 1, index: -1, attempt: 2 }),
        newEvent('server.started'),
        newEvent('run.ended', { run: a }),
      ];
      await store.transaction(async (tx) => {
        await tx.events.append(given.slice(0, 2));
        await tx.events.append([]);
        await tx.events.append(given.slice(2));
      });
      const events = await store.queries.events({ after: 0 });
      expect(events.map(({ id, ...event }) => event)).toEqual(given);
      const ids = events.map(({ id }) => id);
      expect(ids).toEqual([...ids].sort((x, y) => x - y));
      expect(await store.queries.lastEvent()).toBe(ids[3]);
      expect(await store.queries.events({ after: ids[1]!, limit: 1 })).toEqual([events[2]]);
      expect(await store.queries.events({ after: 0, run: a })).toEqual([events[0], events[3]]);
      expect(await store.queries.events({ after: ids[3]! })).toEqual([]);
    }),
  );

  test(
    'whoever reads on while many write misses no event and no log line',
    withStore(open, async (store, { another }) => {
      const { id } = await oneRun(store);
      const stores = another ? [store, await another()] : [store];
      let writing = true;
      const events: string[] = [];
      const lines: string[] = [];
      const readOn = async () => {
        let lastEvent = 0;
        let lastChunk = 0;
        for (let last = false; !last; ) {
          last = !writing;
          // Reads of SQLite are done at once: others get their turn here.
          await new Promise(setImmediate);
          for (const event of await store.queries.events({ after: lastEvent })) {
            events.push(event.kind);
            lastEvent = event.id;
          }
          for (const chunk of await store.queries.logs({ run: id, after: lastChunk })) {
            lines.push(chunk.lines);
            lastChunk = chunk.id;
          }
        }
      };
      const reader = readOn();
      await Promise.all(
        Array.from({ length: 60 }, (_, n) =>
          stores[n % stores.length]!.transaction(async (tx) => {
            await tx.events.append([newEvent(`e${n}`), newEvent(`f${n}`)]);
            await tx.logs.append([{ run: id, task: n, index: -1, attempt: 1, at: NOON, lines: `l${n}` }]);
            // Something that takes a while between the rows and the commit.
            await tx.pools.list();
          }),
        ),
      );
      writing = false;
      await reader;
      expect(events).toHaveLength(120);
      expect(new Set(events).size).toBe(120);
      expect(new Set(lines).size).toBe(60);
    }),
  );

  test(
    'log chunks come oldest first, of a run, a task, an instance or an attempt',
    withStore(open, async (store) => {
      const [a, b] = (await someRuns(store, 2)).map(({ id }) => id) as [number, number];
      const chunk = (run: number, task: number, index: number, attempt: number, lines: string): LogChunk => ({
        run,
        task,
        index,
        attempt,
        at: NOON,
        lines,
      });
      const given = [
        chunk(a, 1, 0, 1, '{"message":"a, \\"b\\" {c}"}\n{"message":"2"}\n'),
        chunk(a, 0, -1, 1, 'second\n'),
        chunk(a, 1, 1, 1, 'third\n'),
        chunk(a, 1, 0, 2, 'fourth\n'),
      ];
      await store.transaction(async (tx) => {
        await tx.logs.append([given[0]!, chunk(b, 0, -1, 1, 'other run\n')]);
        await tx.logs.append(given.slice(1));
        await tx.logs.append([]);
      });
      const read = async (filter: Omit<Parameters<typeof store.queries.logs>[0], 'run'>) =>
        (await store.queries.logs({ run: a, ...filter })).map(({ id, ...rest }) => rest);
      expect(await read({})).toEqual(given);
      expect(await read({ task: 1 })).toEqual([given[0], given[2], given[3]]);
      expect(await read({ task: 1, index: 0 })).toEqual([given[0], given[3]]);
      expect(await read({ task: 1, index: 0, attempt: 2 })).toEqual([given[3]]);
      const [first] = await store.queries.logs({ run: a, limit: 1 });
      expect(await read({ after: first!.id, limit: 2 })).toEqual([given[1], given[2]]);
    }),
  );
}
