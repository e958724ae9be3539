import { describe, expect, it } from 'vitest';
import { graphFrom } from '../../test/task-graphs.ts';
import { effectiveWeights, type WeightRule } from './priority.ts';

function weights(rule: WeightRule, own: readonly number[], edges: readonly (readonly [number, number])[]) {
  const { tasks } = graphFrom(own.length, edges);
  return effectiveWeights({
    tasks: tasks.map((task, index) => ({ ...task, priorityWeight: own[index] ?? 1, weightRule: rule })),
  });
}

describe('effectiveWeights', () => {
  const diamond = [
    [0, 1],
    [0, 2],
    [1, 3],
    [2, 3],
  ] as const;

  it('adds up all that is below, all that is above, or nothing', () => {
    expect(weights('downstream', [1, 2, 3, 4], diamond)).toEqual([10, 6, 7, 4]);
    expect(weights('upstream', [1, 2, 3, 4], diamond)).toEqual([1, 3, 4, 10]);
    expect(weights('absolute', [1, 2, 3, 4], diamond)).toEqual([1, 2, 3, 4]);
  });

  it('clamps each weight, not the sum', () => {
    expect(weights('downstream', [2 ** 40, 2 ** 40], [[0, 1]])).toEqual([2 * (2 ** 31 - 1), 2 ** 31 - 1]);
  });

  it('takes a long chain in its stride', () => {
    const length = 3000;
    const chain = Array.from({ length: length - 1 }, (_, index) => [index, index + 1] as const);
    const result = weights('downstream', new Array(length).fill(1), chain);
    expect([result[0], result[length - 1]]).toEqual([length, 1]);
  });
});
