import { expect, it } from 'vitest';
import { text } from './source-files.ts';

const PAGE = text('docs/GUARANTEES.md') ?? '';

/** Where the page says that a test holds something: the file, and a part of the test's name as it stands there. */
const named = [...PAGE.matchAll(/^ +- `([^`]+\.ts)`: "(.+)"$/gm)].map(([, file = '', name = '']) => ({ file, name }));

it('names tests that exist', () => {
  expect(named.length).toBeGreaterThan(40);
  expect(named.filter(({ file, name }) => !text(file)?.includes(name))).toEqual([]);
});

it('names at least one test for each promise', () => {
  const promises = PAGE.slice(0, PAGE.indexOf('## When a body'))
    .split(/^(?=\d+\. )/m)
    .slice(1);
  expect(promises.map((promise) => Number.parseInt(promise, 10))).toEqual(promises.map((_, at) => at + 1));
  expect(promises.filter((promise) => !promise.includes('.ts`: "'))).toEqual([]);
});

it('names each test once', () => {
  const lines = named.map(({ file, name }) => `${file}: ${name}`);
  expect(lines.filter((line, at) => lines.indexOf(line) !== at)).toEqual([]);
});
