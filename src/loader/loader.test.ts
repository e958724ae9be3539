import { spawn } from 'node:child_process';
import { mkdir, readFile, rename, rm, utimes } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Presence } from '../../test/executors/presence.ts';
import { ProjectFolder } from '../../test/project-folder.ts';
import { systemClock } from '../model/clock.ts';
import type { LoadResult } from './load-result.ts';
import { Loader, type LoaderOptions } from './loader.ts';

let project: ProjectFolder;
let loader: Loader;

beforeEach(async () => {
  project = await ProjectFolder.make();
  loader = make();
});
afterEach(async () => {
  await loader.stop();
  await project.remove();
});

function make(options: Partial<LoaderOptions> = {}): Loader {
  return new Loader({ home: project.home, project: project.path, clock: systemClock, ...options });
}

const dagOf = (id: string, more = '') => `import { dag, task } from 'millrace';
${more}
export const it = dag('${id}', { schedule: null }, () => { task('one', () => 1)(); });
`;
/** Leaves a mark beside the project's files each time it is imported: twice for each time it is read. */
const COUNTS = `import { appendFileSync } from 'node:fs';\nappendFileSync(import.meta.filename + '.reads', '.');`;
const readsOf = async (name: string) => (await readFile(project.file(`${name}.reads`), 'utf8')).length / 2;

const idsOf = (results: readonly LoadResult[]) =>
  Object.fromEntries(
    results.map(({ file, workflows }) => [file.slice(project.path.length + 1), workflows.map(({ id }) => id)]),
  );
const codesOf = (results: readonly LoadResult[]) => results.flatMap(({ errors }) => errors.map(({ code }) => code));

describe('bad files', () => {
  const BAD: Readonly<Record<string, readonly [code: string, line: number | null, text: string]>> = {
    'does-not-parse': ['parse_error', 2, 'const a = 1;\nconst b = = 2;\n'],
    'imports-no-file': ['import_not_found', 1, `import './nowhere.ts';\n`],
    'imports-no-package': ['import_not_found', 2, `\nimport 'no-such-package-here';\n`],
    throws: ['import_threw', 2, `const a = 1;\nthrow new Error('at the top');\n`],
    'throws-no-error': ['import_threw', null, `throw 'text';\n`],
    rejects: ['import_threw', 2, `\nawait Promise.reject(new RangeError('no'));\n`],
    exits: ['import_exited', 2, 'const a = 1;\nprocess.exit(0);\n'],
    'is-killed': ['import_exited', null, `process.kill(process.pid, 'SIGKILL'); await new Promise(() => {});\n`],
    spins: ['import_timeout', 2, `let n = 0;\nfor (;;) n++;\n`],
    'waits-for-ever': ['import_timeout', null, 'setInterval(() => {}, 1000);\nawait new Promise(() => {});\n'],
    eats: ['import_memory', null, 'const all = [];\nfor (;;) all.push(new Array(1000).fill({}).map(() => ({})));\n'],
    varies: ['runtime_varying', null, dagOf('varies').replace('null', 'null, tags: [String(performance.now())]')],
    'wrong-id': ['invalid_id', 3, dagOf('not valid!')],
  };

  it('each get their code, place and fix, and harm no other', async () => {
    loader = make({ timeoutMs: 4000, memoryMb: 96 });
    for (const [name, [, , text]] of Object.entries(BAD)) {
      await project.write(`pipelines/${name}.ts`, text);
      await project.write(`pipelines/${name}-neighbour.ts`, dagOf(`${name}_neighbour`));
    }
    const results = await loader.load();
    for (const [name, [code, line]] of Object.entries(BAD)) {
      const file = project.file(`pipelines/${name}.ts`);
      const neighbour = results.find((result) => result.file === project.file(`pipelines/${name}-neighbour.ts`));
      expect(neighbour, name).toMatchObject({ errors: [], workflows: [{ id: `${name}_neighbour` }] });
      const found = results.find((result) => result.file === file);
      expect(found, name).toMatchObject({
        workflows: [],
        errors: [{ file, code, line, message: expect.any(String), fix: expect.any(String) }],
      });
      if (line !== null) expect(found?.errors[0]?.frame, name).toContain(`> ${line} |`);
    }
  });

  it('say the place in a file that they import, wherever it lies', async () => {
    const folder = await ProjectFolder.make({
      'a project (é)/pipelines/a.ts': `import '../lib/b.ts';\n`,
      'a project (é)/lib/b.ts': `\n\nnull!.x;\n`,
    });
    const path = folder.file('a project (é)');
    loader = make({ home: `${path}/.millrace`, project: path });
    const file = folder.file('a project (é)/lib/b.ts');
    expect((await loader.load())[0]?.errors).toMatchObject([{ code: 'import_threw', file, line: 3 }]);
    await folder.remove();
  });

  it('that define nothing are no error, and neither is a folder without files', async () => {
    expect(await loader.load()).toEqual([]);
    await project.write('pipelines/empty.ts', 'export const helper = 1;\n');
    expect(await loader.load()).toMatchObject([{ workflows: [], errors: [], bundle: { hash: expect.any(String) } }]);
  });

  it('that are not there are an error of the call', async () => {
    await expect(loader.load(['nowhere.ts'])).rejects.toMatchObject({ code: 'not_found' });
  });

  it('keep a workflow that is drawn the same from one that varies in the same file', async () => {
    const varying = `dag('varies', { schedule: null, tags: [String(performance.now())] }, () => {});`;
    await project.write('pipelines/a.ts', dagOf('same', varying));
    expect(await loader.load()).toMatchObject([{ workflows: [{ id: 'same' }], errors: [{ code: 'runtime_varying' }] }]);
  });

  it('find none of the variables of the server', async () => {
    process.env.MILLRACE_LOADER_TEST = 'postgres://user:secret@host/db';
    try {
      await project.write(
        'pipelines/a.ts',
        `throw new Error(Object.keys(process.env).filter((name) => name.startsWith('MILLRACE_')).join() || 'none');\n`,
      );
      loader = make();
      expect((await loader.load())[0]?.errors[0]?.message).toMatch(/none$/);
    } finally {
      delete process.env.MILLRACE_LOADER_TEST;
    }
  });
});

describe('a second load', () => {
  it('reads only what has changed', async () => {
    await project.write('pipelines/a.ts', dagOf('a', `${COUNTS}\nimport '../lib/shared.ts';`));
    await project.write('pipelines/b.ts', dagOf('b', `${COUNTS}\nimport '../lib/shared.ts';`));
    await project.write('pipelines/c.ts', dagOf('c', COUNTS));
    await project.write('lib/shared.ts', 'export const rate = 1;\n');
    const reads = () => Promise.all(['a', 'b', 'c'].map((name) => readsOf(`pipelines/${name}.ts`)));
    const first = await loader.load();
    expect(await loader.load()).toEqual(first);
    expect(await reads()).toEqual([1, 1, 1]);

    // Touched: another time, the same content.
    await utimes(project.file('pipelines/a.ts'), new Date(0), new Date(0));
    expect(await loader.load()).toEqual(first);
    expect(await reads()).toEqual([1, 1, 1]);

    await project.write('pipelines/c.ts', dagOf('other', COUNTS));
    expect(idsOf(await loader.load())).toEqual({
      'pipelines/a.ts': ['a'],
      'pipelines/b.ts': ['b'],
      'pipelines/c.ts': ['other'],
    });
    expect(await reads()).toEqual([1, 1, 2]);

    await project.write('lib/shared.ts', 'export const rate = 23;\n');
    await loader.load();
    expect(await reads()).toEqual([2, 2, 2]);
  });

  it('does not wait again for a file that hangs', async () => {
    loader = make({ timeoutMs: 4000 });
    await project.write('pipelines/a.ts', `${COUNTS}\nfor (;;);\n`);
    expect(codesOf(await loader.load())).toEqual(['import_timeout']);
    expect(codesOf(await loader.load())).toEqual(['import_timeout']);
    expect(await readFile(project.file('pipelines/a.ts.reads'), 'utf8')).toBe('.');
  });

  it('reads a file that was mended, in itself or in what it imports', async () => {
    await project.write('pipelines/a.ts', dagOf('a', `import '../lib/b.ts';`));
    await project.write('lib/b.ts', 'let = ;\n');
    expect(codesOf(await loader.load())).toEqual(['parse_error']);
    await project.write('lib/b.ts', 'export {};\n');
    expect(idsOf(await loader.load())).toEqual({ 'pipelines/a.ts': ['a'] });
  });

  it('finds what an import was missing: a file, a package', async () => {
    await project.write('pipelines/a.ts', dagOf('a', `import './lib/later.ts';`));
    await project.write('pipelines/b.ts', dagOf('b', `import 'later';`));
    expect(codesOf(await loader.load())).toEqual(['import_not_found', 'import_not_found']);
    await project.write('pipelines/lib/later.ts', '');
    await project.write('node_modules/later/package.json', '{ "name": "later", "main": "index.js" }');
    await project.write('node_modules/later/index.js', '');
    expect(idsOf(await loader.load())).toMatchObject({ 'pipelines/a.ts': ['a'], 'pipelines/b.ts': ['b'] });
  });

  it('forgets what is gone or no longer named', async () => {
    await project.write('pipelines/a.ts', dagOf('a'));
    await project.write('pipelines/b.ts', dagOf('b'));
    await loader.load();
    await rm(project.file('pipelines/a.ts'));
    expect(idsOf(await loader.load())).toEqual({ 'pipelines/b.ts': ['b'] });
    await project.write('other/c.ts', dagOf('b'));
    expect(await loader.load(['other'])).toMatchObject([{ workflows: [{ id: 'b' }], errors: [] }]);
  });
});

describe('two files that define one workflow', () => {
  const duplicate = (owner: string) => [
    { code: 'duplicate_dag', message: expect.stringContaining(project.file(owner)), fix: expect.any(String) },
  ];

  it('the first one keeps it, and the second one keeps what else it has', async () => {
    await project.write('pipelines/a.ts', dagOf('it'));
    await project.write('pipelines/b.ts', dagOf('it', `dag('own', { schedule: null }, () => {});`));
    expect(await loader.load()).toMatchObject([
      { workflows: [{ id: 'it' }], errors: [] },
      { workflows: [{ id: 'own' }], errors: duplicate('pipelines/a.ts') },
    ]);
  });

  it('the one that had it first keeps it, whatever its name, also while it is broken', async () => {
    await project.write('pipelines/z.ts', dagOf('it'));
    await loader.load();
    await project.write('pipelines/a.ts', dagOf('it'));
    expect(await loader.load()).toMatchObject([
      { workflows: [], errors: duplicate('pipelines/z.ts') },
      { workflows: [{ id: 'it' }], errors: [] },
    ]);
    await project.write('pipelines/z.ts', 'let = ;\n');
    expect(codesOf(await loader.load())).toEqual(['duplicate_dag', 'parse_error']);
  });

  it('the second one gets it when the first one lets go, without being read again', async () => {
    await project.write('pipelines/a.ts', dagOf('it'));
    await project.write('pipelines/b.ts', dagOf('it', COUNTS));
    await loader.load();
    await project.write('pipelines/a.ts', dagOf('renamed'));
    expect(await loader.load()).toMatchObject([
      { workflows: [{ id: 'renamed' }], errors: [] },
      { workflows: [{ id: 'it' }], errors: [] },
    ]);
    expect(await readsOf('pipelines/b.ts')).toBe(1);
  });
});

describe('watching', () => {
  const told: LoadResult[][] = [];
  let heard = () => {};
  /** What is told next. */
  async function next(): Promise<Record<string, string[]>> {
    while (told.length === 0) await new Promise<void>((resolve) => (heard = resolve));
    return idsOf(told.shift() ?? []);
  }
  /** As careful editors save: nobody sees half of the file. */
  async function place(name: string, text: string): Promise<void> {
    const path = project.file(name);
    await mkdir(dirname(path), { recursive: true });
    await rename(await project.write('new-file', text), path);
  }
  async function watch(): Promise<void> {
    told.length = 0;
    heard = () => {};
    await loader.watch([], {
      changed(results) {
        told.push([...results]);
        heard();
      },
      failed: (error) => expect.unreachable(String(error)),
    });
  }

  it('tells of files that change, come and go, and of no other', async () => {
    await project.write('pipelines/a.ts', dagOf('a', `import '../lib/shared.ts';`));
    await project.write('pipelines/b.ts', dagOf('b', COUNTS));
    await project.write('lib/shared.ts', 'export const rate = 1;\n');
    await loader.load();
    await watch();
    await place('pipelines/a.ts', dagOf('other', `import '../lib/shared.ts';`));
    expect(await next()).toEqual({ 'pipelines/a.ts': ['other'] });
    await place('lib/shared.ts', 'export const rate = 23;\n');
    expect(await next()).toEqual({ 'pipelines/a.ts': ['other'] });
    await place('pipelines/sub/c.ts', dagOf('c'));
    expect(await next()).toEqual({ 'pipelines/sub/c.ts': ['c'] });
    await place('pipelines/sub/c.ts', dagOf('c2'));
    expect(await next()).toEqual({ 'pipelines/sub/c.ts': ['c2'] });
    await rm(project.file('pipelines/a.ts'));
    expect(await next()).toEqual({ 'pipelines/a.ts': [] });
    expect(told).toEqual([]);
    expect(await readsOf('pipelines/b.ts')).toBe(1);
  });

  it('tells of what changed since the load', async () => {
    await project.write('pipelines/a.ts', dagOf('a'));
    await loader.load();
    await place('pipelines/a.ts', dagOf('between'));
    await watch();
    expect(await next()).toEqual({ 'pipelines/a.ts': ['between'] });
  });

  it('tells of a file that has what another one let go', async () => {
    await place('pipelines/a.ts', dagOf('it'));
    await place('pipelines/b.ts', dagOf('it'));
    await loader.load();
    await watch();
    await rm(project.file('pipelines/a.ts'));
    expect(await next()).toEqual({ 'pipelines/a.ts': [], 'pipelines/b.ts': ['it'] });
  });

  it('tells of a file whose missing import has come', async () => {
    await place('pipelines/a.ts', dagOf('a', `import './lib/later.ts';`));
    await loader.load();
    await watch();
    await place('pipelines/lib/later.ts', 'export {};\n');
    expect(await next()).toEqual({ 'pipelines/a.ts': ['a'], 'pipelines/lib/later.ts': [] });
  });

  it('tells nothing after a stop', async () => {
    await project.write('pipelines/a.ts', dagOf('a'));
    await loader.load();
    await watch();
    await place('pipelines/a.ts', dagOf('other'));
    await loader.stop();
    expect(told).toEqual([]);
  });
});

describe('the process that imports', () => {
  let presence: Presence;

  beforeEach(async () => {
    presence = await Presence.listen(project.file('presence'));
    await project.write(
      'pipelines/spins.ts',
      `import { connect } from 'node:net';
const socket = connect(${JSON.stringify(project.file('presence'))});
await new Promise<void>((resolve) => socket.write(\`spins \${process.pid}\\n\`, () => resolve()));
for (;;);
`,
    );
  });
  afterEach(async ({ task }) => {
    const left = await presence.close();
    if (task.result?.state !== 'fail') expect(left).toEqual([]);
  });

  it('ends with a stop in the middle of a file, and no other is read', async () => {
    await project.write('pipelines/z.ts', dagOf('z'));
    const loading = loader.load();
    await presence.joined('spins');
    await loader.stop();
    await presence.left('spins');
    expect(idsOf(await loading)).toEqual({ 'pipelines/spins.ts': [] });
  });

  it('ends with the process that loads, killed at once', async () => {
    const code = `
      const { Loader } = await import(${JSON.stringify(new URL('./loader.ts', import.meta.url).href)});
      const { systemClock } = await import(${JSON.stringify(new URL('../model/clock.ts', import.meta.url).href)});
      process.stdin.on('end', () => process.exit()).resume();
      const [home, project] = process.argv.slice(1);
      await new Loader({ home, project, clock: systemClock, timeoutMs: 600_000 }).load();`;
    const flags = ['--conditions=millrace-source', '--disable-warning=ExperimentalWarning', '--input-type=module'];
    const server = spawn(process.execPath, [...flags, '-e', code, project.home, project.path], {
      stdio: ['pipe', 'ignore', 'inherit'],
    });
    await presence.joined('spins');
    server.kill('SIGKILL');
    await presence.left('spins');
  });
});
