import { describe, expect, it } from 'vitest';
import { graphFrom } from '../../test/task-graphs.ts';
import { reachable } from './task-graph.ts';

describe('reachable', () => {
  it('finds all tasks below or above, each once', () => {
    const graph = graphFrom(5, [
      [0, 1],
      [0, 2],
      [1, 3],
      [2, 3],
    ]);
    expect([...reachable(graph, 0, 'downstream')].sort()).toEqual([1, 2, 3]);
    expect([...reachable(graph, 3, 'upstream')].sort()).toEqual([0, 1, 2]);
    expect([...reachable(graph, 4, 'upstream')]).toEqual([]);
  });
});
