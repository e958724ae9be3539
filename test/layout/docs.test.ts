import { posix } from 'node:path';
import { expect, it } from 'vitest';
import { entries, text } from './source-files.ts';

const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  ...entries('docs').filter((path) => path.endsWith('.md')),
];

it('shows a pipeline in the README that compiles (test/layout/readme-pipeline.ts, to the letter)', () => {
  const shown = /```ts\n([\s\S]*?)```/.exec(text('README.md') ?? '')?.[1];
  expect(shown).toBe(text('test/layout/readme-pipeline.ts'));
});

it('shows a client in the README that compiles (test/layout/readme-client.ts, to the letter)', () => {
  expect(text('README.md')).toContain(`\`\`\`ts\n${text('test/layout/readme-client.ts')}\`\`\``);
});

it('links to pages that exist', () => {
  const known = new Set([
    ...['src', 'docs', 'examples', 'test', 'bench'].flatMap(entries),
    ...pages,
    'LICENSE',
    'examples/',
  ]);
  const broken = pages.flatMap((page) =>
    [...(text(page) ?? '').matchAll(/\]\((?![a-z]+:|#)([^)#]+)/g)]
      .map(([, link = '']) => posix.join(posix.dirname(page), link))
      .filter((path) => !known.has(path) && !known.has(`${path}/`))
      .map((path) => `${page}: ${path}`),
  );
  expect(broken).toEqual([]);
});

it('names in the README the scripts that exist', () => {
  const scripts = Object.keys((JSON.parse(text('package.json') ?? '{}') as { scripts: object }).scripts);
  const used = pages.flatMap((page) => [...(text(page) ?? '').matchAll(/`npm run ([\w:]+)/g)].map(([, name]) => name));
  expect(used.filter((name) => name && !scripts.includes(name))).toEqual([]);
});
