import {
  branch,
  type Context,
  chain,
  dag,
  eachGroup,
  type Given,
  group,
  type Output,
  type Sequence,
  shortCircuit,
  type Task,
  task,
  using,
  type Wire,
} from 'millrace';
import { expectTypeOf, test } from 'vitest';
import { z } from 'zod';

// What the compiler knows, and what it refuses. Nothing here runs: the bodies are never called.

interface Row {
  readonly id: string;
  readonly total: number;
}
const rows = task('rows', async (_: void, { ds }) => [{ id: ds, total: 1 }] as Row[]);
const names = task('names', () => ['a', 'b']);
const size = task('size', (list: Iterable<Row>) => [...list].length);
const load = task('load', async ({ table, row }: { table: string; row: Row }) => `${table}/${row.id}`);
const report = task('report', (count: number) => console.log(count));
const lenient = task('lenient', (count: number | undefined) => count ?? 0, { triggerRule: 'all_done' });
const strictlyNumber = task('strictly_number', (count: number) => count, { triggerRule: 'none_failed' });
const both = task('both', (input: { a: number | undefined; b: number }) => input.b, { triggerRule: 'all_done' });
const oneSuccess = task('one_success', (count: number) => count, { triggerRule: 'one_success' });
const anything = task('anything', (_: unknown) => null);
const optional = task('optional', ({ limit = 3 }: { limit?: number }) => limit);

test('a call takes what the function takes and gives what it returns', () => {
  expectTypeOf(rows).toEqualTypeOf<Task<void, Row[], 'all_success'>>();
  expectTypeOf(rows).returns.toEqualTypeOf<Output<Row[]>>();
  expectTypeOf(rows).parameters.toEqualTypeOf<[]>();
  expectTypeOf(size).returns.toEqualTypeOf<Output<number>>();
  expectTypeOf(lenient).toEqualTypeOf<Task<number | undefined, number, 'all_done'>>();
  expectTypeOf(task<string, number>).returns.toEqualTypeOf<Task<string, number>>();
  expectTypeOf(task('c', (_: void, context) => context.ds)).returns.toEqualTypeOf<Output<string>>();
  expectTypeOf<Parameters<Parameters<typeof task>[1]>[1]>().toEqualTypeOf<Context>();
});

test('wires fit their inputs', () => {
  never(() => {
    report(size(rows()));
    report(1);
    load({ table: 'x', row: rows().pick(0) });
    load({ table: names().pick(0), row: { id: 'a', total: size(rows()) } });
    anything(names());
    anything();
    optional();
    optional({});
    optional({ limit: size(rows()) });
    // @ts-expect-error a list of texts is no number
    report(names());
    // @ts-expect-error a text is no number
    report('1');
    // @ts-expect-error the number is missing
    report();
    // @ts-expect-error a named argument is missing
    load({ table: 'x' });
    // @ts-expect-error a named argument that it does not have
    load({ table: 'x', row: rows().pick(0), mode: 'append' });
    // @ts-expect-error a named argument of another type
    load({ table: size(rows()), row: rows().pick(0) });
    // @ts-expect-error it takes nothing
    rows(1);
  });
});

test('a trigger rule that runs in spite of a skipped or failed upstream makes wires uncertain', () => {
  never(() => {
    lenient(size(rows()));
    lenient(3);
    lenient();
    oneSuccess(size(rows()));
    strictlyNumber(3);
    // @ts-expect-error the output may not be there, and the function does not admit undefined
    strictlyNumber(size(rows()));
    both({ a: size(rows()), b: 1 });
    // @ts-expect-error b may not be there
    both({ a: 1, b: size(rows()) });
    // @ts-expect-error the same rule, given later
    report.with({ triggerRule: 'all_failed' })(size(rows()));
    report.with({ retries: 2 })(size(rows()));
    lenient.with({ triggerRule: 'all_success' })(size(rows()));
  });
  dag('sure', { params: { count: 3 } }, ({ count }) => {
    strictlyNumber(count);
  });
  expectTypeOf<Given<number>>().toExtend<Output<number>>();
});

test('mapping goes over lists, and gives a sequence', () => {
  never(() => {
    const loaded = load.expand({ table: ['a', 'b'], row: rows() });
    expectTypeOf(loaded).toEqualTypeOf<Output<Sequence<string>>>();
    expectTypeOf(load.partial({ table: 'x' }).expand({ row: rows() })).toEqualTypeOf<Output<Sequence<string>>>();
    expectTypeOf(load.partial({ table: names().pick(0) })).toEqualTypeOf<Task<{ row: Row }, string, 'all_success'>>();
    load.expandKwargs(rows().map((row) => ({ table: 't', row })));
    load.expandKwargs([{ table: 't', row: { id: 'a', total: 1 } }]);
    load.partial({ table: 't' }).expandKwargs(rows().map((row) => ({ row })));
    report.over(rows().map((row) => row.total));
    report.over([1, 2, size(rows())]);
    report.over(new Set([1, 2]));
    load.expand({ table: new Map([['a', 1]]).keys(), row: [rows().pick(0)] });
    const pairs = task('pairs', ([name, value]: readonly [string, number]) => `${name}${value}`);
    pairs.over({ a: 1, b: 2 });
    expectTypeOf(names().zip(rows(), [1])).toEqualTypeOf<Output<Sequence<[string, Row, number]>>>();
    expectTypeOf(names().zip([1, 2], { fill: null })).toEqualTypeOf<Output<Sequence<[string | null, number | null]>>>();
    expectTypeOf(names().concat([1], rows())).toEqualTypeOf<Output<Sequence<string | number | Row>>>();
    expectTypeOf(rows().map(async (row) => row.id)).toEqualTypeOf<Output<Sequence<string>>>();
    expectTypeOf(rows().pick(0).pick('id')).toEqualTypeOf<Output<string>>();
    size(load.expand({ table: ['a'], row: rows() }).map((id) => ({ id, total: 0 })));
    const maybe = task('maybe', (n: number) => (n > 1 ? n : undefined));
    expectTypeOf(maybe.over([1, 2])).toEqualTypeOf<Output<Sequence<number>>>();
    // @ts-expect-error a number is no list
    report.over(size(rows()));
    // @ts-expect-error a text is no list of texts
    load.expand({ table: 'ab', row: rows() });
    // @ts-expect-error one of the lists is missing
    load.expand({ table: ['a'] });
    // @ts-expect-error the elements have another type
    load.expand({ table: [1], row: rows() });
    // @ts-expect-error no such argument
    load.partial({ tabel: 'x' });
    // @ts-expect-error a fixed argument is not given again
    load.partial({ table: 'x' })({ table: 'y', row: rows().pick(0) });
    // @ts-expect-error its input is no object of named arguments
    report.expand({ count: [1] });
    // @ts-expect-error .map() is for lists
    size(rows()).map((n: number) => n);
    // @ts-expect-error no such member
    rows().pick(0).pick('nmae');
  });
});

test('options are known by name and type', () => {
  never(() => {
    task('a', () => {}, { retries: 2, retryDelay: ['1s', { minutes: 5 }, 10], pool: { name: 'p', slots: 2 } });
    task('a', (n: number) => n, { instanceName: (n) => n.toFixed(), retry: (e) => !(e instanceof TypeError) });
    // @ts-expect-error unknown option
    task('a', () => {}, { retrys: 2 });
    // @ts-expect-error unknown trigger rule
    task('a', () => {}, { triggerRule: 'all_succes' });
    // @ts-expect-error the rule of teardowns cannot be chosen
    task('a', () => {}, { triggerRule: 'all_done_setup_success' });
    // @ts-expect-error a text is no number
    task('a', () => {}, { retries: '2' });
    // @ts-expect-error unknown option of a DAG
    dag('d', { schedul: null }, () => {});
    // @ts-expect-error unknown default argument
    dag('d', { defaultArgs: { retrys: 1 } }, () => {});
  });
});

test('params have the types of their schema or their defaults', () => {
  never(() => {
    const schema = z.object({ table: z.string().default('orders'), limit: z.number().optional() });
    dag('a', { params: schema }, ({ table, limit }) => {
      expectTypeOf(table).toEqualTypeOf<Given<string>>();
      expectTypeOf(limit).toEqualTypeOf<Given<number | undefined>>();
    });
    dag('b', { params: { table: 'orders', limit: 3, tags: ['a'], deep: { on: true } } }, (params) => {
      expectTypeOf(params.table).toEqualTypeOf<Given<string>>();
      expectTypeOf(params.limit).toEqualTypeOf<Given<number>>();
      expectTypeOf(params.tags).toEqualTypeOf<Given<readonly string[]>>();
      expectTypeOf(params.deep).toEqualTypeOf<Given<{ readonly on: boolean }>>();
      load.expand({ table: params.tags, row: rows() });
    });
    const json = {
      type: 'object',
      properties: { n: { type: 'integer' }, s: { type: ['string', 'null'] }, x: {} },
    } as const;
    dag('c', { params: json }, ({ n, s, x }) => {
      expectTypeOf(n).toEqualTypeOf<Given<number>>();
      expectTypeOf(s).toEqualTypeOf<Given<string | null>>();
      expectTypeOf(x).toEqualTypeOf<Given<unknown>>();
    });
    dag('d', { params: { type: 'object', properties: { n: { type: 'integer', default: 1 } } } }, ({ n }) => {
      expectTypeOf(n).toEqualTypeOf<Given<number>>();
    });
    // @ts-expect-error no such param
    dag('e', { params: schema }, ({ tabel }) => tabel);
    // @ts-expect-error no params at all
    dag('f', { schedule: null }, ({ table }) => table);
  });
});

test('branches know their keys, and what they may skip may not be there', () => {
  const sizeOf = branch('size_of', (list: Iterable<Row>) => ([...list].length > 10 ? 'bulk' : 'single'));
  never(() => {
    const bulk = sizeOf(rows()).when('bulk', () => size(rows()));
    expectTypeOf(bulk).toEqualTypeOf<Output<number | undefined>>();
    lenient(bulk);
    // @ts-expect-error what a branch may skip does not fit a plain number
    report(bulk);
    // @ts-expect-error a branch that is not one of the keys
    sizeOf(rows()).when('huge', () => rows());
    // @ts-expect-error a wrong input
    sizeOf(names());
  });
  const isOpen = shortCircuit('is_open', (_: void, { logicalDate }) => logicalDate.getUTCDay() !== 0);
  expectTypeOf(isOpen).returns.toEqualTypeOf<Output<boolean>>();
});

test('groups and uses give what their bodies give', () => {
  const start = task('start', () => ({ cluster: 'c' }));
  const stop = task('stop', ({ cluster }: { cluster: string }) => cluster);
  never(() => {
    expectTypeOf(group('g', () => size(rows()))).toEqualTypeOf<Output<number>>();
    expectTypeOf(using(start(), stop, (r) => load({ table: r.pick('cluster'), row: rows().pick(0) }))).toEqualTypeOf<
      Output<string>
    >();
    expectTypeOf(eachGroup('e', rows(), (row) => load({ table: 't', row }))).toEqualTypeOf<Output<Sequence<string>>>();
    chain(rows(), [names(), start()], () => group('h', () => {}), start().after(rows(), [names()]));
    // @ts-expect-error the teardown takes something else
    using(names(), stop, () => {});
    // @ts-expect-error a text is no step
    chain(rows(), 'names');
  });
});

test('a wire may stand wherever its value may', () => {
  expectTypeOf<Output<number>>().toExtend<Wire<number>>();
  expectTypeOf<{ a: Output<number>; b: [Output<string>] }>().toExtend<Wire<{ a: number; b: [string] }>>();
  expectTypeOf<Output<string>>().not.toExtend<Wire<number>>();
  expectTypeOf<Output<Row[]>>().toExtend<Wire<Iterable<Row>>>();
});

function never(_body: () => void): void {}
