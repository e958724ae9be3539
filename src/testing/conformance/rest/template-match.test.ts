import { expect, it } from 'vitest';
import { valueAt } from './rest-session.ts';
import { mismatch } from './template-match.ts';

it.each([
  [{ a: 1, more: 2 }, { a: 1 }, true],
  [{}, { a: 1 }, false],
  [null, {}, false],
  [[1, 2], [1, 2], true],
  [[2, 1], [1, 2], false],
  [[2, 1], ['<set>', 1, 2], true],
  [[1, 1], ['<set>', 1, 2], false],
  [[1], ['<set>', 1, 2], false],
  [[], ['<set>'], true],
  [[1, 2, 3], ['<each>', '<int>'], true],
  [[1, 'a'], ['<each>', '<int>'], false],
  [[0, 1, 5, 2], ['<has>', 1, 2], true],
  [[2, 1], ['<has>', 1, 2], false],
  [[7, 7], ['<count>', 2], true],
  [[7], ['<count>', 2], false],
  [null, '<null|string>', true],
  [1, '<null|string>', false],
  ['text', '<any>', true],
  [1.5, '<int>', false],
  [1, '<number>', true],
  ['2024-03-01', '<datetime>', false],
  ['2024-03-01T00:00:00Z', '<datetime>', true],
  ['2024-03-01T01:00:00.000+01:00', '2024-03-01T00:00:00Z', true],
  ['2024-03-01T00:00:01Z', '2024-03-01T00:00:00Z', false],
  ['00000001-0000-4000-8000-00000000000A', '<uuid>', false],
  [0, null, false],
  ['1', 1, false],
])('%j against %j: %s', (got, template, fits) => {
  expect(mismatch(got, template) === null).toBe(fits);
});

it('finds values at places', () => {
  const body = { dag_runs: [{ state: 'a' }, { state: 'b', id: 7 }] };
  expect(valueAt(body, 'dag_runs[1].state')).toBe('b');
  expect(valueAt(body, 'dag_runs[state=b].id')).toBe(7);
  expect(valueAt(body, 'dag_runs[5].state')).toBeUndefined();
  expect(valueAt(body, 'nothing.here')).toBeUndefined();
});
