import { expect, test } from 'vitest';
import type { StoredValue } from '../../model/expression.ts';
import type { OutputRow } from '../rows.ts';
import { type Open, withStore } from './open-store.ts';
import { oneRun } from './sample.ts';

const inline = (data: string): StoredValue => ({ kind: 'inline', data });

function output(run: number, change: Partial<OutputRow> = {}): OutputRow {
  return { run, task: 0, index: -1, key: 'return_value', value: inline('1'), length: null, ...change };
}

export function outputConformance(open: Open): void {
  test(
    'values of each kind come back as they were put, in the order asked for',
    withStore(open, async (store) => {
      const { id } = await oneRun(store);
      const rows = [
        output(id, { value: inline('"quoted \\" {a,b} NULL \\\\ ü \u{1f600}\\u0000"') }),
        output(id, { task: 1, value: { kind: 'object', hash: 'sha256-abc', bytes: 3_000_000_000 }, length: 12 }),
        output(id, { task: 2, index: 3, value: { kind: 'list', elements: ['1', '"a,b"', '{}'] }, length: 3 }),
        output(id, { task: 3, value: inline('') }),
      ];
      await store.transaction(async (tx) => {
        await tx.outputs.put(rows);
        await tx.outputs.put([]);
        const keys = [2, 0, 9, 3, 1].map((task) => ({ run: id, task, index: task === 2 ? 3 : -1 }));
        expect(await tx.outputs.get(keys)).toEqual([rows[2], rows[0], rows[3], rows[1]]);
        expect(await tx.outputs.get([])).toEqual([]);
      });
      expect(await store.queries.outputs(id)).toEqual(rows);
    }),
  );

  test(
    'putting again replaces; of two in one call the last counts',
    withStore(open, async (store) => {
      const { id } = await oneRun(store);
      await store.transaction(async (tx) => {
        await tx.outputs.put([output(id, { value: inline('1') })]);
        await tx.outputs.put([output(id, { value: inline('2') }), output(id, { value: inline('3'), length: 4 })]);
        expect(await tx.outputs.get([{ run: id, task: 0, index: -1 }])).toEqual([
          output(id, { value: inline('3'), length: 4 }),
        ]);
      });
    }),
  );

  test(
    'get is about return values; other keys are kept beside them',
    withStore(open, async (store) => {
      const { id } = await oneRun(store);
      await store.transaction(async (tx) => {
        await tx.outputs.put([output(id, { key: 'extra', value: inline('7') }), output(id)]);
        expect(await tx.outputs.get([{ run: id, task: 0, index: -1 }])).toEqual([output(id)]);
      });
      expect((await store.queries.outputs(id)).map(({ key }) => key).sort()).toEqual(['extra', 'return_value']);
    }),
  );

  test(
    'outputs of a mapped task are collected in order of map index, in pages, and measured',
    withStore(open, async (store) => {
      const { id } = await oneRun(store);
      await store.transaction(async (tx) => {
        const indexes = [10, 2, 0, 7];
        await tx.outputs.put(indexes.map((index) => output(id, { task: 4, index, value: inline(`"${index}"`) })));
        await tx.outputs.put([
          output(id, { task: 4, index: -1 }),
          output(id, { task: 4, index: 1, key: 'extra' }),
          output(id, { task: 5, index: 0 }),
        ]);
        const page = (offset: number, limit: number) => tx.outputs.collected(id, 4, { offset, limit });
        expect(await page(0, 100)).toEqual(['"0"', '"2"', '"7"', '"10"'].map(inline));
        expect(await page(1, 2)).toEqual(['"2"', '"7"'].map(inline));
        expect(await page(4, 2)).toEqual([]);
        expect(await tx.outputs.measure(id, 4)).toEqual({ count: 4, bytes: 13 });
        expect(await tx.outputs.measure(id, 9)).toEqual({ count: 0, bytes: 0 });
      });
    }),
  );

  test(
    'clearing takes away every key of an instance, and of no other',
    withStore(open, async (store) => {
      const { id } = await oneRun(store);
      await store.transaction(async (tx) => {
        await tx.outputs.put([output(id), output(id, { key: 'extra' }), output(id, { task: 1 })]);
        await tx.outputs.clear([{ run: id, task: 0, index: -1 }]);
        await tx.outputs.clear([]);
      });
      expect(await store.queries.outputs(id)).toEqual([output(id, { task: 1 })]);
    }),
  );
}
