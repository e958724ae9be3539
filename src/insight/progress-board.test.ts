import { expect, it } from 'vitest';
import type { NewEvent } from '../store/rows.ts';
import { ProgressBoard } from './progress-board.ts';

const said = (index: number, done: number, kind = 'instance.progress'): NewEvent => ({
  at: 0,
  kind,
  workflowId: null,
  run: 1,
  task: 0,
  index,
  attempt: 1,
  data: JSON.stringify({ done, total: 48 }),
});

it('knows the last word of each attempt, and nothing of other events', () => {
  const board = new ProgressBoard();
  board.note([said(-1, 1), said(-1, 25), said(-1, 7, 'instance.running')]);
  expect(board.of({ run: 1, task: 0, index: -1, attempt: 1 })).toEqual({ done: 25, total: 48 });
  expect(board.of({ run: 1, task: 0, index: -1, attempt: 2 })).toBeNull();
});

it('forgets who has been silent longest', () => {
  const board = new ProgressBoard();
  for (let index = 0; index < 10_000; index += 1) board.note([said(index, 1)]);
  board.note([said(0, 2), said(10_000, 1)]);
  const of = (index: number) => board.of({ run: 1, task: 0, index, attempt: 1 })?.done;
  expect([of(0), of(1), of(2), of(10_000)]).toEqual([2, undefined, 1, 1]);
});
