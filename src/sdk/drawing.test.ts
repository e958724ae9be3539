import { describe, expect, test } from 'vitest';
import { branch, chain, dag, eachGroup, group, type Output, shortCircuit, task, using } from '../index.ts';
import type { WorkflowSpec } from '../model/spec.ts';
import { decodeValue } from '../model/value.ts';
import { drawnWorkflow } from './dag.ts';
import type { DrawnWorkflow } from './drawn.ts';

const source = task('source', () => [1, 2, 3]);
const other = task('other', () => ['a', 'b']);
const double = task('double', (n: number) => n * 2);
const pair = task('pair', ({ n, s }: { n: number; s: string }) => `${n}${s}`);
const sum = task('sum', (list: Iterable<unknown>) => [...list].length);
const step = (name: string) => task(name, () => name)();

function drawn(body: () => unknown): DrawnWorkflow {
  return drawnWorkflow(dag('d', { schedule: null }, () => void body()));
}

/** The graph as text: `task: its upstream`. */
function edges({ tasks }: WorkflowSpec): string[] {
  return tasks.map(({ id, upstream }) => `${id}: ${upstream.map((index) => tasks[index]!.id).join(' ')}`.trim());
}

function taskOf({ spec }: DrawnWorkflow, id: string) {
  return spec.tasks.find((each) => each.id === id)!;
}

describe('inputs', () => {
  test('wires anywhere in an input', () => {
    const workflow = drawn(() => {
      const list = source();
      task('t', (_: unknown) => {})({ whole: list, deep: [{ first: list.pick(0) }, 'x'], left: undefined });
    });
    expect(taskOf(workflow, 't').input).toEqual({
      kind: 'object',
      entries: [
        ['whole', { kind: 'output', task: 0 }],
        [
          'deep',
          {
            kind: 'array',
            items: [
              { kind: 'object', entries: [['first', { kind: 'pick', of: { kind: 'output', task: 0 }, key: '0' }]] },
              { kind: 'literal', value: '["x"]' },
            ],
          },
        ],
      ],
    });
    expect(edges(workflow.spec)).toEqual(['source:', 't: source']);
  });

  test('a value without wires is one literal', () => {
    const value = { at: new Date(0), of: new Map([[1n, undefined]]) };
    const { input } = taskOf(
      drawn(() => task('t', (_: unknown) => {})(value)),
      't',
    );
    expect(input?.kind).toBe('literal');
    expect(decodeValue((input as { value: string }).value)).toEqual(value);
  });

  test('partial arguments are laid under the others', () => {
    const workflow = drawn(() => pair.partial({ n: double(4) })({ s: 'x' }));
    expect(taskOf(workflow, 'pair').input).toEqual({
      kind: 'object',
      entries: [
        ['n', { kind: 'output', task: 0 }],
        ['s', { kind: 'literal', value: '["x"]' }],
      ],
    });
  });

  test('pick, map, zip, concat', () => {
    const workflow = drawn(() => {
      const list = source();
      sum(
        list
          .map((n) => n + 1)
          .zip(other(), [5], { fill: null })
          .concat(list),
      );
    });
    const output = (index: number) => ({ kind: 'output', task: index });
    expect(taskOf(workflow, 'sum').input).toEqual({
      kind: 'concat',
      of: [
        {
          kind: 'zip',
          of: [
            { kind: 'map', of: output(0), fn: 0 },
            output(1),
            { kind: 'literal', value: '[[1],5]', elements: ['[5]'] },
          ],
          fill: { kind: 'literal', value: '[null]' },
        },
        output(0),
      ],
    });
    expect(workflow.functions).toHaveLength(1);
    expect(workflow.functions[0]?.(1)).toBe(2);
    expect(edges(workflow.spec)).toEqual(['source:', 'other:', 'sum: source other']);
  });
});

describe('mapping', () => {
  const mappingOf = (body: () => unknown, id: string) => {
    const { mapping, input } = taskOf(drawn(body), id);
    return { mapping, input };
  };
  const literal = (value: string, elements: string[]) => ({ kind: 'literal', value, elements });

  test('expand: the product, in the order of the arguments, constants beside it', () => {
    expect(mappingOf(() => pair.expand({ s: other(), n: [1, 2] }), 'pair')).toEqual({
      input: null,
      mapping: {
        kind: 'expand',
        over: [
          ['s', { kind: 'output', task: 0 }],
          ['n', literal('[[1,2],1,2]', ['[1]', '[2]'])],
        ],
      },
    });
    expect(mappingOf(() => pair.partial({ s: 'x' }).expand({ n: source() }), 'pair')).toEqual({
      input: { kind: 'literal', value: '[{"s":1},"x"]' },
      mapping: { kind: 'expand', over: [['n', { kind: 'output', task: 0 }]] },
    });
  });

  test('over and expandKwargs', () => {
    const over = { kind: 'output', task: 0 };
    expect(mappingOf(() => double.over(source()), 'double').mapping).toEqual({ kind: 'over', over });
    const named = () => source().map((n) => ({ n, s: 'x' }));
    expect(mappingOf(() => pair.expandKwargs(named()), 'pair').mapping).toMatchObject({ kind: 'expand_kwargs' });
    const rest = () => pair.partial({ s: 'x' }).over(source().map((n) => ({ n })));
    expect(mappingOf(rest, 'pair').mapping).toMatchObject({ kind: 'expand_kwargs' });
  });

  test('lists of every kind', () => {
    const overOf = (list: never) => (mappingOf(() => double.over(list), 'double').mapping as { over: unknown }).over;
    expect(overOf(new Set([1, 2]) as never)).toMatchObject({ elements: ['[1]', '[2]'] });
    expect(overOf({ a: 1 } as never)).toMatchObject({ elements: ['[[1,2],"a",1]'] });
    expect(overOf(new Map([['a', 1]]) as never)).toMatchObject({ elements: ['[[1,2],"a",1]'] });
    expect(overOf([] as never)).toMatchObject({ elements: [] });
    const mixed = mappingOf(() => double.over([1, double.with({ name: 'first' })(2)]), 'double').mapping;
    expect(mixed).toEqual({
      kind: 'over',
      over: {
        kind: 'array',
        items: [
          { kind: 'literal', value: '[1]' },
          { kind: 'output', task: 0 },
        ],
      },
    });
  });

  test('a mapped group: elements, roots behind the list, one output for all', () => {
    const workflow = drawn(() => {
      const all = eachGroup('each', source(), (n) => {
        const free = step('free');
        return double(n).after(free);
      });
      sum(all);
      chain(all, step('last'));
    });
    expect(workflow.spec.groups).toEqual([
      { id: 'each', parent: null, tooltip: null, mapping: { kind: 'over', over: { kind: 'output', task: 0 } } },
    ]);
    expect(taskOf(workflow, 'each.double').input).toEqual({ kind: 'element', group: 0 });
    expect(taskOf(workflow, 'sum').input).toEqual({ kind: 'output', task: 2 });
    expect(edges(workflow.spec)).toEqual([
      'source:',
      'each.free: source',
      'each.double: source each.free',
      'sum: each.double',
      'last: each.double',
    ]);
  });
});

describe('order', () => {
  test('chain: side by side, pair by pair, and whole groups', () => {
    const workflow = drawn(() => {
      const [a, b, c, d, e, f] = ['a', 'b', 'c', 'd', 'e', 'f'].map(step) as [Output<string>, ...Output<string>[]];
      chain(
        a,
        [b!, c!],
        [d!, e!],
        () =>
          group('g', () => {
            chain(step('x'), [step('y'), step('z')]);
          }),
        f!,
      );
    });
    expect(edges(workflow.spec)).toEqual([
      'a:',
      'b: a',
      'c: a',
      'd: b',
      'e: c',
      'f: g.y g.z',
      'g.x: d e',
      'g.y: g.x',
      'g.z: g.x',
    ]);
  });

  test('an output of a group stands for the group', () => {
    const workflow = drawn(() => {
      const inner = group('g', () => {
        step('lone');
        return double(1);
      }).after(step('before'));
      step('after').after(inner);
      double.with({ name: 'data' })(inner);
    });
    expect(edges(workflow.spec)).toEqual([
      'g.lone: before',
      'g.double: before',
      'before:',
      'after: g.lone g.double',
      'data: g.double',
    ]);
  });

  test('nested groups, without prefix, with tooltip', () => {
    const { spec } = drawn(() =>
      group('a', () => group('b', () => group('c', () => step('t'), { prefixIds: false, tooltip: 'inner' }))),
    );
    expect(spec.groups.map(({ id, parent, tooltip }) => [id, parent, tooltip])).toEqual([
      ['a', null, null],
      ['a.b', 0, null],
      ['a.b.c', 1, 'inner'],
    ]);
    expect(spec.tasks.map(({ id, group: at }) => [id, at])).toEqual([['t', 2]]);
  });
});

describe('branches and short circuits', () => {
  const choose = branch('choose', (): 'a' | 'b' | 'c' => 'a');
  const join = () => task('join', (_: unknown) => {}, { triggerRule: 'none_failed_min_one_success' });
  const bushy = () => {
    const chosen = choose();
    const a = chosen.when('a', () => step('a'));
    const b = chosen.when('b', () => {
      chain(step('b1'), step('b2'));
      return step('b3');
    });
    const rest = chosen.otherwise(() => step('rest'));
    join()([a, b, rest]);
  };

  test('the roots of each body wait for the branch', () => {
    const workflow = drawn(bushy);
    expect(workflow.spec.tasks[0]?.kind).toBe('branch');
    expect(edges(workflow.spec)).toEqual([
      'choose:',
      'a: choose',
      'b1: choose',
      'b2: b1',
      'b3: choose',
      'rest: choose',
      'join: a b3 rest',
    ]);
  });

  test.each([
    ['a', [2, 4, 5]],
    [['a', 'b'], [5]],
    ['b', [1, 5]],
    ['c', [1, 2, 4]],
    [null, [1, 2, 4]],
    [[], [1, 2, 4]],
  ])('%j skips what it does not choose', (value, tasks) => {
    expect(drawn(bushy).taskFunctions(0).skip(value)).toEqual({ scope: 'direct', tasks });
  });

  test('what a chosen body leads to is not skipped, although another body is it', () => {
    const workflow = drawn(() => {
      const chosen = choose();
      const shared = double(1);
      chosen.when('a', () => step('a')).after();
      chain(
        chosen.when('b', () => step('b')),
        shared,
      );
      chosen.when('c', () => shared);
    });
    const ids = (value: unknown) =>
      workflow
        .taskFunctions(0)
        .skip(value)
        ?.tasks.map((at) => workflow.spec.tasks[at]?.id);
    expect(ids('a')).toEqual(['double', 'b']);
    expect(ids('b')).toEqual(['a']);
    expect(ids('c')).toEqual(['a', 'b']);
  });

  test('a branch must return keys', () => {
    const { skip } = drawn(bushy).taskFunctions(0);
    expect(() => skip(7)).toThrow(expect.objectContaining({ code: 'invalid_wiring' }));
    expect(() => skip(undefined)).toThrow(/returned undefined instead of a key/);
  });

  test('a short circuit skips all or what is direct, teardowns never', () => {
    const build = (scope: 'all' | 'direct') =>
      drawn(() => {
        const open = shortCircuit('open', () => true, { scope })();
        using(
          step('setup').after(open),
          () => step('teardown'),
          () => step('work'),
        );
      });
    const all = build('all').taskFunctions(0);
    expect(all.skip(true)).toBeNull();
    expect(all.skip(false)).toEqual({ scope: 'all', tasks: [1, 2] });
    expect(build('direct').taskFunctions(0).skip(0)).toEqual({ scope: 'direct', tasks: [1] });
    expect(build('all').taskFunctions(1).skip(false)).toBeNull();
  });
});

describe('setup and teardown', () => {
  test('the work lies between them, and the innermost goes first', () => {
    const workflow = drawn(() => {
      using(
        step('start'),
        () => step('stop'),
        () => {
          chain(step('a'), step('b'));
          using(
            step('open'),
            () => step('close'),
            () => step('c'),
            { onFailureFailRun: true },
          );
        },
      );
    });
    expect(edges(workflow.spec)).toEqual([
      'start:',
      'a: start',
      'b: a',
      'open: start',
      'c: open',
      'close: open c',
      'stop: start b close',
    ]);
    const marks = workflow.spec.tasks.flatMap(({ id, setup, teardown, onFailureFailRun, triggerRule }) =>
      setup || teardown ? [[id, setup, onFailureFailRun, triggerRule]] : [],
    );
    expect(marks).toEqual([
      ['start', true, false, 'all_success'],
      ['open', true, false, 'all_success'],
      ['close', false, true, 'all_done_setup_success'],
      ['stop', false, false, 'all_done_setup_success'],
    ]);
  });

  test('a group ends with its work, not with its teardown', () => {
    const workflow = drawn(() => {
      chain(
        () =>
          group('g', () =>
            using(
              step('start'),
              () => step('stop'),
              () => step('work'),
            ),
          ),
        step('next'),
      );
    });
    expect(edges(workflow.spec)[0]).toBe('next: g.work');
  });
});
