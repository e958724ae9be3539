import ts from 'typescript';
import { expect, it } from 'vitest';
import { asLines, search, searchProgram, sources } from './source-files.ts';

const UPPER =
  /^\s*(SELECT\s|INSERT\s+(OR\s+\w+\s+)?INTO\s|UPDATE\s+\S+\s+SET\s|DELETE\s+FROM\s|CREATE\s+(UNIQUE\s+|TEMP\w*\s+)?(TABLE|INDEX|VIEW|TRIGGER)\s|ALTER\s+TABLE\s|DROP\s+(TABLE|INDEX)\s|PRAGMA\s|BEGIN\s+(IMMEDIATE|EXCLUSIVE))/;
const LOWER =
  /^\s*(select\s[\s\S]*\sfrom\s|insert\s+into\s|update\s+\S+\s+set\s|delete\s+from\s|create\s+(unique\s+)?(table|index)\s)/;

function sql(node: ts.Node): string | undefined {
  const literal = ts.isStringLiteralLike(node) || ts.isTemplateHead(node) ? node.text : undefined;
  if (literal === undefined || !(UPPER.test(literal) || LOWER.test(literal))) return undefined;
  return literal.trim().split('\n')[0]?.slice(0, 60);
}

it('has SQL in src/store only (providers speak to databases of users)', () => {
  // The simulation looks at the database itself, behind the back of the store that it tests.
  const files = sources().filter((file) => !/^src\/(store|providers|testing\/simulation)\//.test(file));
  expect(asLines(search(files, sql)), 'add a verb to the store interface instead').toBe('');
});

it('finds statements, and leaves prose alone', () => {
  const program = [
    "run('SELECT 1');",
    `run(\`UPDATE run SET state = \${state}\`);`,
    'run(`\n  select id\n  from run`);',
    "say('Select a run from the list');",
    "say('Update the package, or delete it.');",
    '// SELECT 1',
  ].join('\n');
  expect(searchProgram('x.ts', program, sql).map(({ line }) => line)).toEqual([1, 2, 3]);
});
