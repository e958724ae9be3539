import fc from 'fast-check';
import type { TaskGraph } from '../src/model/task-graph.ts';

interface Roles {
  readonly setups?: readonly number[];
  readonly teardowns?: readonly number[];
  readonly failing?: readonly number[];
}

/** A graph of `size` tasks with the given edges. */
export function graphFrom(size: number, edges: readonly (readonly [number, number])[], roles: Roles = {}): TaskGraph {
  const tasks = Array.from({ length: size }, (_, index) => ({
    upstream: edges.filter(([, to]) => to === index).map(([from]) => from),
    downstream: edges.filter(([from]) => from === index).map(([, to]) => to),
    setup: roles.setups?.includes(index) ?? false,
    teardown: roles.teardowns?.includes(index) ?? false,
    onFailureFailRun: roles.failing?.includes(index) ?? false,
  }));
  return { tasks };
}

/** Graphs of up to eight tasks without cycles, with setups and teardowns anywhere. */
export const randomGraph: fc.Arbitrary<TaskGraph> = fc
  .record({
    roles: fc.array(fc.constantFrom('plain', 'plain', 'setup', 'teardown', 'failing'), { minLength: 1, maxLength: 8 }),
    edges: fc.uniqueArray(fc.tuple(fc.nat(7), fc.nat(7)), { selector: ([from, to]) => from * 8 + to, maxLength: 16 }),
  })
  .map(({ roles, edges }) => {
    const having = (...wanted: string[]) => roles.flatMap((role, index) => (wanted.includes(role) ? [index] : []));
    return graphFrom(
      roles.length,
      edges.filter(([from, to]) => from < to && to < roles.length),
      { setups: having('setup'), teardowns: having('teardown', 'failing'), failing: having('failing') },
    );
  });
