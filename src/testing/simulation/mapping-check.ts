import type { Expression } from '../../model/expression.ts';
import { type Change, type Mirror, rowName } from './mirror.ts';
import { byTask, type Placed, Topology } from './topology.ts';
import { demand } from './violation.ts';
import type { Witness } from './witness.ts';

/** A mapped task has as many instances as what it is mapped over has elements. */
export function checkMappings(change: Change, mirror: Mirror, witness: Witness): void {
  for (const { run, task, index, to } of change.moves) {
    const before = change.before.get(run)?.get(rowName(task, index));
    if (to !== 'success' || before?.token === undefined || before.token === null) continue;
    const outcome = witness.outcomes(before.token).find(({ kind }) => kind === 'success');
    witness.lengths.set(`${run}.${task}.${index}`, outcome?.kind === 'success' ? outcome.length : null);
  }
  for (const { kind, run: id, task, data } of change.events) {
    if (kind !== 'task.expanded' || id === null || task === null) continue;
    const run = mirror.runs.get(id)!;
    const topology = Topology.of(mirror.spec(run));
    const instances = byTask(mirror.instances(id).values());
    const expected = instancesByLists(task, { run: id, topology, instances, witness });
    const { instances: made } = JSON.parse(data ?? '{}') as { instances: number };
    const fits = witness.marked.has(id) ? made <= expected : made === expected;
    demand(fits, 'mapping', () => `task ${id}.${task} has ${made} instances, its lists make ${expected}`);
  }
}

/** How many instances the lists make that a task is mapped over, as far as they are there. */
export function instancesByLists(task: number, lists: Lists): number {
  const mapping = lists.topology.mapping(task)!;
  if (mapping.kind !== 'expand') return lengthOf(mapping.over, lists);
  return mapping.over.reduce((product, [, part]) => product * lengthOf(part, lists), 1);
}

export interface Lists {
  readonly run: number;
  readonly topology: Topology;
  readonly instances: ReadonlyMap<number, readonly Placed[]>;
  readonly witness: Witness;
}

function lengthOf(expression: Expression, lists: Lists): number {
  switch (expression.kind) {
    case 'literal':
      return expression.elements?.length ?? 0;
    case 'output': {
      const { run, topology, instances, witness } = lists;
      const { task } = expression;
      if (topology.mapping(task)) return (instances.get(task) ?? []).filter(({ state }) => state === 'success').length;
      return witness.lengths.get(`${run}.${task}.-1`) ?? 0;
    }
    case 'concat':
      return expression.of.reduce((sum, part) => sum + lengthOf(part, lists), 0);
    default:
      return 0;
  }
}
