import { describe, expect, it } from 'vitest';
import type { WorkflowSpec } from '../../model/spec.ts';
import type { EventRow } from '../../store/rows.ts';
import { History } from './history.ts';
import { drawProfile } from './profile.ts';
import { Random } from './random.ts';
import { drawPipeline } from './workload.ts';

/** Two tasks, the second one behind the first. */
const spec = ((): WorkflowSpec => {
  const random = new Random(1);
  const profile = { ...drawProfile(random, false), mostTasks: 1 };
  const { spec } = drawPipeline(random, profile, 'w', { from: 0, to: 1 });
  const plain = { ...spec.tasks[0]!, triggerRule: 'all_success' as const, mapping: null, group: null };
  const first = { ...plain, id: 'first', upstream: [], downstream: [1] };
  const second = { ...plain, id: 'second', upstream: [0], downstream: [], maxActivePerRun: 1 };
  return { ...spec, maxActiveRuns: 1, maxActiveTasks: null, tasks: [first, second], groups: [] };
})();

type Line = readonly [kind: string, run: number, task?: number, attempt?: number];

const GOOD: readonly Line[] = [
  ['run.queued', 1],
  ['run.running', 1],
  ['instance.queued', 1, 0, 1],
  ['instance.running', 1, 0, 1],
  ['instance.up_for_retry', 1, 0, 1],
  ['instance.queued', 1, 0, 2],
  ['instance.running', 1, 0, 2],
  ['instance.success', 1, 0, 2],
  ['instance.queued', 1, 1],
  ['instance.running', 1, 1, 1],
  ['instance.success', 1, 1, 1],
  ['run.success', 1],
];

function read(lines: readonly Line[]): void {
  const history = new History(() => spec);
  for (const [id, [kind, run, task, attempt]] of lines.entries()) {
    const event: EventRow = {
      id,
      at: id,
      kind,
      workflowId: 1,
      run,
      task: task ?? null,
      index: task === undefined ? null : -1,
      attempt: attempt ?? null,
      data: null,
    };
    history.read(event);
  }
}

const without = (...at: number[]) => GOOD.filter((_, index) => !at.includes(index));
const withLine = (at: number, line: Line) => [...GOOD.slice(0, at), line, ...GOOD.slice(at)];

it('passes a history in which all is well', () => {
  read(GOOD);
  read([...GOOD, ...GOOD.map(([kind, , ...rest]) => [kind, 2, ...rest] as unknown as Line)]);
});

describe('a doctored history is caught', () => {
  const doctored: Readonly<Record<string, readonly Line[]>> = {
    'a run ends twice': withLine(12, ['run.success', 1]),
    'a run ends otherwise afterwards': withLine(12, ['run.failed', 1]),
    'a run begins without having been queued': without(0),
    'an instance ends that never ran': without(3),
    'an instance ends twice': withLine(8, ['instance.failed', 1, 0, 2]),
    'an attempt runs twice': [...GOOD.slice(0, 6), ['instance.running', 1, 0, 1], ...GOOD.slice(7)],
    'an instance runs again after its success': withLine(8, ['instance.running', 1, 0, 3]),
    'what is downstream is ready too soon': [...GOOD.slice(0, 7), GOOD[8]!, GOOD[7]!, ...GOOD.slice(9)],
    'an instance runs in a run that has ended': [...GOOD.slice(0, 9), GOOD[11]!, GOOD[9]!, GOOD[10]!],
    'two runs at once where one may be': [...GOOD.slice(0, 11), ['run.queued', 2], ['run.running', 2]],
  };
  for (const [name, lines] of Object.entries(doctored)) {
    it(name, () => {
      expect(() => read(lines)).toThrow(/history/);
    });
  }
});
