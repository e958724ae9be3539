import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { graphFrom, randomGraph } from '../../test/task-graphs.ts';
import { countsOwnIndexOnly, mappedGroups, tasksInScope } from './scope.ts';

describe('tasksInScope', () => {
  it('reaches from a setup to its teardown', () => {
    // 0 setup -> 1 -> 2 -> 3 teardown (of 0) -> 4
    const graph = graphFrom(
      5,
      [
        [0, 1],
        [1, 2],
        [2, 3],
        [0, 3],
        [3, 4],
      ],
      { setups: [0], teardowns: [3] },
    );
    expect(tasksInScope(graph)).toEqual([[], [], [0], [1], []]);
  });

  it('reaches everywhere below a setup without teardown', () => {
    const graph = graphFrom(
      4,
      [
        [0, 1],
        [1, 2],
        [2, 3],
      ],
      { setups: [0] },
    );
    expect(tasksInScope(graph)).toEqual([[], [], [0], [0]]);
  });

  it('ends with the last of several teardowns', () => {
    const graph = graphFrom(
      5,
      [
        [0, 1],
        [1, 2],
        [2, 3],
        [0, 2],
        [0, 4],
        [3, 4],
      ],
      { setups: [0], teardowns: [2, 4] },
    );
    expect(tasksInScope(graph)).toEqual([[], [], [], [0], [1, 2]]);
  });

  it('is what its definition says, for every graph', () => {
    fc.assert(
      fc.property(randomGraph, (graph) => {
        const reaches = (from: number, to: number): boolean =>
          graph.tasks[from]!.downstream.some((next) => next === to || reaches(next, to));
        const scopes = tasksInScope(graph);
        graph.tasks.forEach((task, index) => {
          const expected = graph.tasks.flatMap((other, at) => {
            const endsBelow = (teardown: number) => graph.tasks[teardown]!.teardown;
            if (task.upstream.includes(at)) return [];
            if (task.teardown) {
              const setups = task.upstream.filter((setup) => graph.tasks[setup]!.setup);
              return reaches(at, index) && setups.some((setup) => reaches(setup, at)) ? [at] : [];
            }
            if (!other.setup || !reaches(at, index)) return [];
            const teardowns = other.downstream.filter(endsBelow);
            return teardowns.length === 0 || teardowns.some((teardown) => reaches(index, teardown)) ? [at] : [];
          });
          expect([...scopes[index]!].sort((a, b) => a - b)).toEqual(expected);
        });
      }),
    );
  });
});

describe('mappedGroups', () => {
  it('finds the mapped group at any depth', () => {
    const groups = [
      { parent: null, mapping: {} },
      { parent: 0, mapping: null },
      { parent: null, mapping: null },
    ];
    const tasks = [{ group: null }, { group: 0 }, { group: 1 }, { group: 2 }];
    expect(mappedGroups({ tasks, groups })).toEqual([null, 0, 0, null]);
  });

  it('makes instances look at their own index inside one group only', () => {
    expect(countsOwnIndexOnly(0, 0)).toBe(true);
    expect(countsOwnIndexOnly(0, 1)).toBe(false);
    expect(countsOwnIndexOnly(null, null)).toBe(false);
    expect(countsOwnIndexOnly(0, null)).toBe(false);
    expect(countsOwnIndexOnly(null, 0)).toBe(false);
  });
});
