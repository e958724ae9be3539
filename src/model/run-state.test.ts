import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { graphFrom, randomGraph } from '../../test/task-graphs.ts';
import { consideredTasks, finalRunState } from './run-state.ts';

describe('consideredTasks', () => {
  it('are the leaves', () => {
    expect(
      consideredTasks(
        graphFrom(4, [
          [0, 1],
          [0, 2],
        ]),
      ),
    ).toEqual(new Set([1, 2, 3]));
  });

  it('are what lies before a teardown, which itself does not count', () => {
    expect(
      consideredTasks(
        graphFrom(
          3,
          [
            [0, 1],
            [1, 2],
          ],
          { teardowns: [2] },
        ),
      ),
    ).toEqual(new Set([1]));
  });

  it('are the teardown instead, when it can fail the run', () => {
    const graph = graphFrom(
      3,
      [
        [0, 1],
        [1, 2],
      ],
      { teardowns: [2], failing: [2] },
    );
    expect(consideredTasks(graph)).toEqual(new Set([2]));
  });

  it('are the last teardowns where there is nothing else', () => {
    expect(
      consideredTasks(
        graphFrom(
          3,
          [
            [0, 1],
            [1, 2],
          ],
          { teardowns: [0, 1, 2] },
        ),
      ),
    ).toEqual(new Set([2]));
  });

  it('are never none', () => {
    fc.assert(fc.property(randomGraph, (graph) => consideredTasks(graph).size > 0));
  });
});

describe('finalRunState', () => {
  it('fails with one considered failure', () => {
    expect([finalRunState({ anyFailed: true }), finalRunState({ anyFailed: false })]).toEqual(['failed', 'success']);
  });
});
