import { expect, test } from 'vitest';
import type { RunEvent } from '../../examples/parts/run-pipeline.ts';
import { describePlaces, RunReport } from '../../examples/parts/run-report.ts';

const task = (at: number, state: string, more: Partial<Extract<RunEvent, { kind: 'task' }>> = {}): RunEvent => ({
  kind: 'task',
  at,
  task: 'score_customers',
  mapIndex: -1,
  state,
  attempt: 1,
  maxAttempts: 3,
  ...more,
});

test('a run, line by line', () => {
  const report = new RunReport(1000);
  const events: RunEvent[] = [
    task(1000, 'queued'),
    task(1100, 'running'),
    task(2300, 'up_for_retry', { duration: 1200, reason: '503 Service Unavailable' }),
    task(4300, 'running', { attempt: 2 }),
    task(6400, 'success', { attempt: 2, duration: 2100 }),
    task(6400, 'running', { mapIndex: 7 }),
    task(6400, 'success', { mapIndex: 7, duration: 12_345 }),
    { kind: 'run', at: 6500, state: 'success' },
  ];
  expect(events.map((event) => report.line(event))).toEqual([
    undefined,
    '   0.1 s  score_customers       running',
    '   1.3 s  score_customers       up_for_retry  attempt 1 of 3  1.2 s  503 Service Unavailable',
    '   3.3 s  score_customers       running       attempt 2 of 3',
    '   5.4 s  score_customers       success       attempt 2 of 3  2.1 s',
    undefined,
    '   5.4 s  score_customers[7]    success       12.3 s',
    '   5.5 s  run success',
  ]);
});

test('places stand in columns', () => {
  const places = [
    { what: 'page', where: 'http://127.0.0.1:1' },
    { what: 'warehouse', where: 'postgresql://x' },
  ];
  expect(describePlaces(places)).toBe('  page       http://127.0.0.1:1\n  warehouse  postgresql://x');
});
