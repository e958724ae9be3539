import { expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { entries, text } from './source-files.ts';

const { bin, exports, dependencies, devDependencies } = manifest;
const exists = (path: string) => text(path.replace('./', '')) !== undefined;

/** Each export without a star, with its conditions. */
const single = Object.entries(exports).filter(([name]) => !name.includes('*'));

it('exports files that exist', () => {
  for (const [, target] of single) {
    const source = typeof target === 'string' ? target : target['millrace-source'];
    expect(exists(source), source).toBe(true);
  }
  for (const file of Object.values(bin)) expect(exists(file), file).toBe(true);
});

it('exports from dist what the source condition exports from src', () => {
  for (const target of Object.values(exports)) {
    if (typeof target === 'string') continue;
    const expected = target['millrace-source'].replace('./src/', './dist/').replace(/\.ts$/, '');
    expect([target.types, target.default]).toEqual([`${expected}.d.ts`, `${expected}.js`]);
  }
});

it('exports each provider', () => {
  const providers = new Set(
    entries('src/providers').flatMap((path) => /^src\/providers\/[^/]+(?=\/.*\.ts$)/.exec(path) ?? []),
  );
  expect([...providers].filter((folder) => text(`${folder}/index.ts`) === undefined)).toEqual([]);
});

it('pins its dependencies exactly', () => {
  const loose = Object.entries({ ...dependencies, ...devDependencies }).filter(([, version]) => !/^\d/.test(version));
  expect(loose).toEqual([]);
});
