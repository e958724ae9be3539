import { afterEach, beforeEach, expect, it } from 'vitest';
import { ProjectFolder } from '../../test/project-folder.ts';
import { discover } from './discover.ts';

let project: ProjectFolder;

beforeEach(async () => {
  project = await ProjectFolder.make({
    'pipelines/a.ts': '',
    'pipelines/sub/b.mts': '',
    'pipelines/sub/c.js': '',
    'pipelines/sub/d.mjs': '',
    'pipelines/a.test.ts': '',
    'pipelines/types.d.ts': '',
    'pipelines/.hidden.ts': '',
    'pipelines/.cache/e.ts': '',
    'pipelines/node_modules/f/index.js': '',
    'pipelines/query.sql': '',
    'dags/g.ts': '',
    'other/h.ts': '',
  });
});
afterEach(() => project.remove());

const found = async (...paths: string[]) =>
  (await discover(project.path, paths)).map((file) => file.slice(project.path.length + 1));

it('takes what is in pipelines/ but tests, declarations, packages and what is hidden', async () => {
  expect(await found()).toEqual(['pipelines/a.ts', 'pipelines/sub/b.mts', 'pipelines/sub/c.js', 'pipelines/sub/d.mjs']);
});

it('takes dags/ where there is no pipelines/, and nothing where there is neither', async () => {
  const other = await ProjectFolder.make({ 'dags/x.ts': '' });
  expect(await discover(other.path)).toEqual([other.file('dags/x.ts')]);
  expect(await discover(other.file('dags'))).toEqual([]);
  await other.remove();
});

it('takes files, folders and globs that are named, each file once', async () => {
  expect(await found('other/h.ts', 'dags', './other')).toEqual(['dags/g.ts', 'other/h.ts']);
  expect(await found('pipelines/**/*.{js,mjs}')).toEqual(['pipelines/sub/c.js', 'pipelines/sub/d.mjs']);
  expect(await found('*/[gh].ts')).toEqual(['dags/g.ts', 'other/h.ts']);
  expect(await found('pipelines/?.ts')).toEqual(['pipelines/a.ts']);
  expect(await found('nowhere/*.ts')).toEqual([]);
});

it('says so when a named file or folder is not there', async () => {
  await expect(found('pipelines/z.ts')).rejects.toMatchObject({ code: 'not_found' });
});
