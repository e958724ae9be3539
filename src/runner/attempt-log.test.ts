import { beforeEach, expect, it } from 'vitest';
import type { LogLine } from '../executor/executor.ts';
import { systemClock } from '../model/clock.ts';
import { createMasker, type Masker } from '../model/mask.ts';
import { AttemptLog } from './attempt-log.ts';
import { LONGEST_MESSAGE } from './log-line.ts';

let masker: Masker;
let lines: LogLine[];
let log: AttemptLog;

beforeEach(() => {
  masker = createMasker();
  lines = [];
  log = new AttemptLog(systemClock, masker.mask, (line) => lines.push(line));
});

it('writes printed lines once they are whole, and the rest at the end', () => {
  log.print('stdout', 'a\nb');
  log.print('stderr', 'x');
  log.print('stdout', 'c\r\n');
  log.end();
  log.end();
  expect(lines.map(({ source, message }) => `${source} ${message}`)).toEqual(['stdout a', 'stdout bc', 'stderr x']);
});

it('masks messages and fields', () => {
  masker.add('s3cret-value');
  log.info('key s3cret-value', { nested: { key: 's3cret-value' }, list: ['s3cret-value'] });
  expect(JSON.stringify(lines)).not.toContain('s3cret');
  expect(lines[0]?.fields).toEqual({ nested: { key: '***' }, list: ['***'] });
});

it('makes plain data of fields, whatever they are', () => {
  const cycle: Record<string, unknown> = {};
  cycle.self = cycle;
  log.info('one', { big: 1n, map: new Map([['a', 1]]), set: new Set([1]), fn: () => 1, error: new Error('no') });
  log.info('two', cycle);
  expect(lines[0]?.fields).toMatchObject({ big: '1', map: { a: 1 }, set: [1] });
  expect(lines[0]?.fields?.error).toContain('Error: no');
  expect(lines[1]?.fields?.value).toContain('[Circular');
});

it('cuts what is too long, and says so', () => {
  log.info('x'.repeat(LONGEST_MESSAGE + 5));
  log.info('long field', { text: 'y'.repeat(2 * LONGEST_MESSAGE) });
  expect(lines[0]?.message).toMatch(/x… \(5 more characters\)$/);
  expect(lines[1]?.fields).toMatchObject({ cut: true });
});
