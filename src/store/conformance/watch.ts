import { expect, test } from 'vitest';
import { type Open, withStore } from './open-store.ts';
import { oneRun, publish } from './sample.ts';

export function watchConformance(open: Open): void {
  test(
    'another process that changes something is noticed',
    withStore(open, async (store, { another }) => {
      if (!another) return;
      const other = await another();
      const noticed = Promise.withResolvers<void>();
      const stop = store.watch(() => noticed.resolve());
      await other.transaction((tx) => publish(tx, 'from elsewhere'));
      await noticed.promise;
      expect(await store.queries.workflow('from elsewhere')).not.toBeNull();
      stop();
    }),
  );

  test(
    'whoever has stopped watching is not called',
    withStore(open, async (store, { another }) => {
      if (!another) return;
      const other = await another();
      let calls = 0;
      const stop = store.watch(() => {
        calls += 1;
      });
      stop();
      const noticed = Promise.withResolvers<void>();
      store.watch(() => noticed.resolve());
      await oneRun(other);
      await noticed.promise;
      expect(calls).toBe(0);
    }),
  );

  test(
    'two watch, and one may stop',
    withStore(open, async (store, { another }) => {
      if (!another) return;
      const noticed = Promise.withResolvers<void>();
      const stop = store.watch(() => {});
      store.watch(() => noticed.resolve());
      stop();
      await oneRun(await another());
      await noticed.promise;
    }),
  );
}
