import { expect, it } from 'vitest';
import type { TaskSpec } from '../model/spec.ts';
import { graphTree } from './graph-tree.ts';

/** Tasks by their ids, with the ids of those that they wait for. */
function tree(graph: Readonly<Record<string, readonly string[]>>): string {
  const ids = Object.keys(graph);
  const tasks = ids.map((id) => ({
    id,
    upstream: graph[id]!.map((other) => ids.indexOf(other)),
    downstream: ids.flatMap((other, index) => (graph[other]!.includes(id) ? [index] : [])),
  }));
  return graphTree({ tasks: tasks as unknown as TaskSpec[] }, ({ id }) => id);
}

it('draws each task once, a join below the last that it waits for', () => {
  expect(tree({ a: [], b: ['a'], c: ['a'], d: ['b', 'c'], e: ['d'] })).toBe(
    ['a', '├─ b', '│  └─ d …', '└─ c', '   └─ d', '      └─ e'].join('\n'),
  );
});

it('draws several beginnings, and tasks alone', () => {
  expect(tree({ a: [], b: [], c: ['a', 'b'], alone: [] })).toBe(['a', '└─ c …', 'b', '└─ c', 'alone'].join('\n'));
});

it('draws nothing of nothing', () => {
  expect(tree({})).toBe('');
});
