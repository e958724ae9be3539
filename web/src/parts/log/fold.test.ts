import { expect, it } from 'vitest';
import type { LogLine } from '../../live/types.ts';
import { entriesOf } from './fold.ts';

const lines = (...texts: readonly string[]): LogLine[] =>
  texts.map((text, at) => ({
    n: at + 1,
    at: '2026-03-10T06:00:00Z',
    level: text.startsWith('!') ? 'warn' : 'info',
    text,
    try_number: 1,
    task_id: 't',
    map_index: -1,
    source: 'task',
  }));

const shown = (given: readonly LogLine[], unfolded: readonly number[] = []) =>
  entriesOf(given, [], new Set(unfolded)).map((entry) =>
    entry.kind === 'fold'
      ? `${entry.lines.length} like ${entry.lines[0]!.text}`
      : entry.kind === 'line' && entry.line.text,
  );

it('folds three or more lines that differ in numbers, but no warnings', () => {
  expect(shown(lines('batch 1', 'batch 2', 'batch 3', 'done'))).toEqual(['3 like batch 1', 'done']);
  expect(shown(lines('batch 1', 'batch 2', 'done'))).toEqual(['batch 1', 'batch 2', 'done']);
  expect(shown(lines('!1', '!2', '!3', 'done'))).toEqual(['!1', '!2', '!3', 'done']);
  expect(shown(lines('batch 1', 'batch 2', 'batch 3', 'done'), [1])).toHaveLength(4);
});

it('never folds the last line away: it is what one waits for', () => {
  expect(shown(lines('batch 1', 'batch 2', 'batch 3', 'batch 4'))).toEqual(['3 like batch 1', 'batch 4']);
  expect(shown(lines('batch 1', 'batch 2', 'batch 3'))).toEqual(['batch 1', 'batch 2', 'batch 3']);
});
