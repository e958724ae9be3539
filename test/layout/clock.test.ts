import ts from 'typescript';
import { expect, it } from 'vitest';
import { asLines, search, searchProgram, sources } from './source-files.ts';

/**
 * Files that may read the time or start a timer by themselves, each with the reason. Everything else takes a Clock
 * (src/model/clock.ts), or it can neither be tested without sleeping nor simulated.
 */
const ALLOWED: Readonly<Record<string, string>> = {
  'src/model/clock.ts': 'the system clock itself',
};

/** Files that may use chance without being handed it, each with the reason. */
const RANDOM_ALLOWED: Readonly<Record<string, string>> = {};

const TIMERS = new Set(['setTimeout', 'setInterval']);
const READS = new Set(['Date.now', 'performance.now', 'process.hrtime', 'process.hrtime.bigint']);

function readsTime(node: ts.Node): string | undefined {
  if (ts.isNewExpression(node) && node.expression.getText() === 'Date' && (node.arguments ?? []).length === 0) {
    return 'new Date()';
  }
  if (ts.isImportDeclaration(node) && /^['"](node:)?timers/.test(node.moduleSpecifier.getText())) {
    return node.moduleSpecifier.getText();
  }
  if (!ts.isCallExpression(node)) return undefined;
  const called = node.expression.getText().replace(/^globalThis\./, '');
  return READS.has(called) || TIMERS.has(called) || called.startsWith('Temporal.Now.') ? `${called}()` : undefined;
}

function usesChance(node: ts.Node): string | undefined {
  if (!ts.isCallExpression(node)) return undefined;
  const called = node.expression.getText();
  return /^(Math\.random|(crypto\.)?(randomUUID|randomBytes|randomInt|getRandomValues)|uuidv?[47]|v[47])$/.test(called)
    ? `${called}()`
    : undefined;
}

it('reads the time and starts timers in the clock only', () => {
  const found = search(sources(), readsTime).filter(({ file }) => !(file in ALLOWED));
  expect(asLines(found), 'take a Clock instead (src/model/clock.ts)').toBe('');
});

it('has no needless entry in its list', () => {
  const reading = new Set(search(sources(), readsTime).map(({ file }) => file));
  expect(Object.keys(ALLOWED).filter((file) => !reading.has(file))).toEqual([]);
});

it('leaves nothing to chance in model, timetable and engine', () => {
  const pure = sources().filter((file) => /^src\/(model|timetable|engine)\//.test(file) && !(file in RANDOM_ALLOWED));
  expect(asLines(search(pure, usesChance)), 'take Random or Ids instead: a seed must reproduce its run').toBe('');
});

it('finds what it looks for, and no more', () => {
  const program = [
    'const a = Date.now();',
    'const b = new Date();',
    'const c = new Date(0); // new Date()',
    'setTimeout(f, 1); globalThis.setInterval(f, 1);',
    "import { setTimeout as wait } from 'node:timers/promises';",
    'const d = performance.now() + Temporal.Now.instant().epochMilliseconds;',
    "const e = 'Date.now()'; clearTimeout(h); clock.now();",
  ].join('\n');
  expect(searchProgram('x.ts', program, readsTime).map(({ line }) => line)).toEqual([1, 2, 4, 4, 5, 6, 6]);
  expect(searchProgram('x.ts', 'Math.random(); ids.next(); randomUUID();', usesChance)).toHaveLength(2);
});
