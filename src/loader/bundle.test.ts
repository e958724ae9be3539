import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ProjectFolder } from '../../test/project-folder.ts';
import { buildBundle } from './bundle.ts';
import type { ImportError } from './import-error.ts';

let project: ProjectFolder;

beforeEach(async () => {
  project = await ProjectFolder.make();
});
afterEach(() => project.remove());

const build = (name: string) => buildBundle(project.file(name), project.home);

async function errorsOf(name: string): Promise<readonly ImportError[]> {
  const failure = await build(name).then(
    () => undefined,
    (error) => error,
  );
  return failure?.errors;
}

describe('a bundle', () => {
  it('is named by its content, has a source map, and tells its inputs and packages', async () => {
    await project.write(
      'pipelines/a.ts',
      `import { rate } from './lib/rate.ts';\nimport pg from 'pg';\nexport { pg, rate };\n`,
    );
    await project.write('pipelines/lib/rate.ts', 'export const rate: number = 2;\n');
    const { bundle, inputs, packages } = await build('pipelines/a.ts');
    expect(bundle.path).toBe(project.file(`.millrace/cache/bundles/${bundle.hash}.mjs`));
    const code = await readFile(bundle.path, 'utf8');
    expect(code).toContain('from "pg"');
    expect(code).toMatch(new RegExp(`//# sourceMappingURL=${bundle.hash}.mjs.map\n$`));
    const map = JSON.parse(await readFile(`${bundle.path}.map`, 'utf8'));
    expect(map.sources.sort()).toEqual(['../../../pipelines/a.ts', '../../../pipelines/lib/rate.ts']);
    expect(inputs.map(({ path }) => path)).toEqual([
      project.file('pipelines/a.ts'),
      project.file('pipelines/lib/rate.ts'),
    ]);
    expect([...packages]).toEqual([['pg', [project.file('pipelines/a.ts')]]]);
  });

  it('is the same for the same code, also in another folder, and another one for other code', async () => {
    const text = `export const here = new URL('x.sql', import.meta.url);\n`;
    await project.write('pipelines/a.ts', text);
    const first = (await build('pipelines/a.ts')).bundle.hash;
    expect((await build('pipelines/a.ts')).bundle.hash).toBe(first);
    const other = await ProjectFolder.make({ 'pipelines/a.ts': text });
    expect((await buildBundle(other.file('pipelines/a.ts'), other.home)).bundle.hash).toBe(first);
    await other.remove();
    await project.write('pipelines/a.ts', `${text}export const more = 1;\n`);
    expect((await build('pipelines/a.ts')).bundle.hash).not.toBe(first);
  });

  it('lets import.meta mean the source file, and takes SQL as text', async () => {
    await project.write('pipelines/query.sql', 'select 1');
    await project.write(
      'pipelines/a.mts',
      `import { where } from './lib/where.ts';
import query from './query.sql';
export const found: object = { url: import.meta.url, file: import.meta.filename, folder: import.meta.dirname, where, query, main: import.meta.main };
`,
    );
    await project.write('pipelines/lib/where.ts', 'export const where = import.meta.dirname;');
    const { bundle } = await build('pipelines/a.mts');
    const { found } = await import(pathToFileURL(bundle.path).href);
    expect(found).toMatchObject({
      url: pathToFileURL(project.file('pipelines/a.mts')).href,
      file: project.file('pipelines/a.mts'),
      folder: project.file('pipelines'),
      where: project.file('pipelines/lib'),
      query: 'select 1',
    });
    expect(found.main).not.toBe(true);
  });

  it('lies where the packages of a file outside of the project are found', async () => {
    const other = await ProjectFolder.make({ 'node_modules/left/index.js': '', 'flows/a.ts': `import 'left';` });
    const { bundle } = await buildBundle(other.file('flows/a.ts'), project.home);
    expect(bundle.path.startsWith(other.file('node_modules/.cache/millrace/bundles/'))).toBe(true);
    await other.remove();
  });
});

describe('a file that cannot be built', () => {
  it('with a syntax error: place and frame', async () => {
    await project.write('pipelines/a.ts', 'const one = 1;\nconst two = (1 +;\n');
    expect(await errorsOf('pipelines/a.ts')).toEqual([
      {
        file: project.file('pipelines/a.ts'),
        line: 2,
        column: 17,
        code: 'parse_error',
        message: 'Unexpected ";"',
        fix: null,
        frame: '  1 | const one = 1;\n> 2 | const two = (1 +;\n    |                 ^\n  3 |',
      },
    ]);
  });

  it('with a syntax error in what it imports, behind a file that uses import.meta', async () => {
    await project.write('pipelines/a.ts', `import './b.ts';\nexport const url = import.meta.url;\n`);
    await project.write('pipelines/b.ts', 'export const url = import.meta.url;\nlet = ;\n');
    expect(await errorsOf('pipelines/a.ts')).toMatchObject([
      { file: project.file('pipelines/b.ts'), line: 2, code: 'parse_error' },
    ]);
  });

  it('with an import that leads nowhere: the nearest name', async () => {
    await project.write('pipelines/orders.ts', '');
    await project.write('pipelines/a.ts', `import './ordres.ts';\n`);
    await project.write('pipelines/b.ts', `import './orders.js';\n`);
    await project.write('pipelines/c.ts', `import './nowhere/x.ts';\n`);
    expect(await errorsOf('pipelines/a.ts')).toMatchObject([
      {
        code: 'import_not_found',
        line: 1,
        column: 8,
        message: "'./ordres.ts' is not there",
        fix: "Did you mean './orders.ts'?",
      },
    ]);
    expect((await build('pipelines/b.ts')).inputs.map(({ path }) => path)).toContain(
      project.file('pipelines/orders.ts'),
    );
    expect(await errorsOf('pipelines/c.ts')).toMatchObject([
      { code: 'import_not_found', fix: 'Create the folder nowhere, or correct the path.' },
    ]);
  });
});
