import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ProjectFolder } from '../../test/project-folder.ts';
import { systemClock } from '../model/clock.ts';
import { buildBundle } from './bundle.ts';
import type { Evaluation } from './evaluation.ts';
import { Evaluator } from './evaluator.ts';

let project: ProjectFolder;
let evaluator: Evaluator;

beforeEach(async () => {
  project = await ProjectFolder.make();
  evaluator = new Evaluator({ timeoutMs: 30_000, memoryMb: 96, clock: systemClock, env: process.env });
});
afterEach(async () => {
  evaluator.close();
  await project.remove();
});

let files = 0;
async function evaluate(text: string): Promise<Evaluation> {
  const file = await project.write(`pipelines/file-${++files}.ts`, text);
  return evaluator.evaluate((await buildBundle(file, project.home)).bundle.path);
}

const good = (id: string) => `import { dag, task } from 'millrace';
export const it = dag('${id}', { schedule: null }, () => { task('one', () => 1)(); });
`;
const isDrawn = async (id: string) => {
  const evaluation = await evaluate(good(id));
  expect(evaluation.kind === 'drawn' && evaluation.workflows.map((spec) => spec.id)).toEqual([id]);
};
/** Place of the file's own code in a stack, as line and column. */
const placeIn = (stack: string | null) => /file-\d+\.ts:(\d+:\d+)/.exec(stack ?? '')?.[1];

describe('a file that can be read', () => {
  it('gives the specs of its workflows, also without any', async () => {
    const evaluation = await evaluate(`${good('a')}${good('b').split('\n')[1]!.replace('it', 'other')}`);
    expect(evaluation).toMatchObject({ kind: 'drawn', varying: [], workflows: [{ id: 'a' }, { id: 'b' }] });
    expect(await evaluate('export const helper = 1;')).toEqual({ kind: 'drawn', workflows: [], varying: [] });
  });

  it('gives several at once, each its own', async () => {
    const ids = ['a', 'b', 'c', 'd'];
    await Promise.all(ids.map(isDrawn));
  });

  it('is told to vary where it is drawn from the clock', async () => {
    const text = `import { dag } from 'millrace';
dag('same', { schedule: null }, () => {});
dag('varying', { schedule: null, description: String(performance.now()) }, () => {});
`;
    expect(await evaluate(text)).toMatchObject({ kind: 'drawn', varying: ['varying'] });
  });
});

describe('a file that cannot', () => {
  it('throws: message and place, and the next file is read', async () => {
    const evaluation = await evaluate(`interface Gone { a: 1 }\n\nthrow new TypeError('no');\n`);
    expect(evaluation).toMatchObject({ kind: 'threw', error: { name: 'TypeError', message: 'no', code: null } });
    expect(evaluation.kind === 'threw' && placeIn(evaluation.error.stack)).toBe('3:7');
    await isDrawn('after');
  });

  it('makes a mistake that the SDK knows: code, fix and place', async () => {
    const text = `import { dag } from 'millrace';\n\nexport const bad = dag('not valid!', { schedule: null }, () => {});\n`;
    expect(await evaluate(text)).toMatchObject({
      kind: 'threw',
      error: { name: 'MillraceError', code: 'invalid_id', place: { line: 3 } },
    });
  });

  it('imports a package that is not installed', async () => {
    expect(await evaluate(`import 'left-pad-of-nobody';`)).toMatchObject({
      kind: 'threw',
      error: { code: 'ERR_MODULE_NOT_FOUND', message: expect.stringContaining("'left-pad-of-nobody'") },
    });
  });

  it('exits: exit code and place', async () => {
    const evaluation = await evaluate(`export const a = 1;\nif (a === 1) process.exit(4);\n`);
    expect(evaluation).toMatchObject({ kind: 'exited', exitCode: 4 });
    expect(evaluation.kind === 'exited' && placeIn(evaluation.stack)).toBe('2:22');
    await isDrawn('after');
  });

  it('is killed', async () => {
    expect(await evaluate(`process.kill(process.pid, 'SIGKILL'); await new Promise(() => {});`)).toMatchObject({
      kind: 'exited',
      signal: 'SIGKILL',
    });
    await isDrawn('after');
  });

  it('eats its memory', async () => {
    const evaluation = await evaluate(
      'const all: unknown[] = [];\nfor (;;) all.push(new Array(1000).fill({}).map(() => ({})));\n',
    );
    expect(evaluation).toEqual({ kind: 'out_of_memory', limitMb: 96 });
    await isDrawn('after');
  });
});

describe('a file that hangs', () => {
  beforeEach(() => {
    evaluator.close();
    evaluator = new Evaluator({ timeoutMs: 4000, memoryMb: 96, clock: systemClock, env: process.env });
  });

  it('in a loop: the place of the loop, and the next file is read', async () => {
    const evaluation = await evaluate('let n = 0;\n\nfunction spin() {\n  for (;;) n++;\n}\nspin();\n');
    expect(evaluation).toMatchObject({ kind: 'timeout', limitMs: 4000 });
    expect(evaluation.kind === 'timeout' && placeIn(evaluation.stack)).toMatch(/^4:/);
    await isDrawn('after');
  });

  it('in an await that never ends: without a place, and the files behind it are read', async () => {
    const [hanging] = await Promise.all([
      evaluate('setInterval(() => {}, 1000);\nawait new Promise(() => {});\n'),
      isDrawn('b'),
    ]);
    expect(hanging).toEqual({ kind: 'timeout', limitMs: 4000, stack: null });
  });
});
