import { expect, it } from 'vitest';
import { entries, sources, text } from './source-files.ts';

const LIMIT = 600;
const WORTH_A_LOOK = 400;

/** Files over the limit, each with the reason. */
const LONG: Readonly<Record<string, string>> = {
  'src/client/schema.ts': "made from the API's contract",
};

const BUCKET = /^(.*[-_.])?(utils?|helpers?|common|misc|stuff)$/i;

it(`has no file over ${LIMIT} lines`, () => {
  const lengths = entries('src')
    .filter((path) => /\.tsx?$/.test(path))
    .map((path) => ({ path, lines: (text(path) ?? '').split('\n').length - 1 }));
  const long = lengths.filter(({ lines }) => lines > WORTH_A_LOOK);
  if (long.length > 0)
    console.warn(`over ${WORTH_A_LOOK} lines: ${long.map(({ path, lines }) => `${path} (${lines})`).join(', ')}`);
  expect(long.filter(({ path, lines }) => lines > LIMIT && !(path in LONG))).toEqual([]);
});

it('has no bucket: each file and folder is named after its one noun', () => {
  const names = ['src', 'test', 'examples', 'bench', 'scripts'].flatMap(entries);
  const buckets = names.filter((path) =>
    BUCKET.test(
      path
        .replace(/\/$/, '')
        .split('/')
        .pop()
        ?.replace(/(\.test)?\.\w+$/, '') ?? '',
    ),
  );
  expect(buckets).toEqual([]);
});

it('says in each folder of src what it is for and what it must never do', () => {
  const folders = new Set(sources().flatMap((path) => /^src\/[^/]+(?=\/)/.exec(path) ?? []));
  const silent = [...folders].filter(
    (folder) => !/\b(never|must not|no|nothing)\b/i.test(text(`${folder}/README.md`) ?? ''),
  );
  expect(silent.join(', '), 'README.md is missing or does not say what the folder must never do').toBe('');
});

it('names no machine and no registry', () => {
  const lock = text('package-lock.json') ?? '';
  expect(lock.match(/"resolved"/g) ?? []).toEqual([]);
  const files = ['src', 'test', 'examples', 'bench', 'scripts', 'docs', 'bin']
    .flatMap(entries)
    .filter((path) => !path.endsWith('/'));
  const machine = new RegExp(['/work', '(main|shared)/'].join('/'));
  expect(files.filter((path) => machine.test(text(path) ?? ''))).toEqual([]);
});
