import { expect, it } from 'vitest';
import { ERROR_CODES } from '../../src/model/errors.ts';
import { text } from './source-files.ts';

/** Rows of the tables in docs/ERRORS.md: code, meaning, fix. */
function documented(): { code: string; meaning: string; fix: string }[] {
  const rows = (text('docs/ERRORS.md') ?? '').matchAll(/^\| `(\w+)` \| (.*?) \| (.*?) \|$/gm);
  return [...rows].map(([, code = '', meaning = '', fix = '']) => ({ code, meaning, fix }));
}

it('documents each error code, and no other', () => {
  expect(
    documented()
      .map(({ code }) => code)
      .sort(),
    'add a row to docs/ERRORS.md',
  ).toEqual([...ERROR_CODES].sort());
});

it('says of each code what it means and what to do', () => {
  expect(documented().filter(({ meaning, fix }) => meaning.length < 10 || fix.length < 10)).toEqual([]);
});
