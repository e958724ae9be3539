import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import type { Plugin } from 'vite';

/** Fonts and pictures are compressed as they are. */
const TEXT = /\.(?:js|css|html|svg)$/;
/** What fits into one packet gets no faster. */
const LEAST = 1_000;

const ENCODINGS = { br: promisify(brotliCompress), gz: promisify(gzip) };

/**
 * Puts a compressed copy beside each file of the built page: the server hands those out as they are. Browsers take Brotli
 * from this machine and over HTTPS, else gzip.
 */
export function precompress(): Plugin {
  let folder = '';
  return {
    name: 'precompress',
    apply: 'build',
    configResolved({ root, build }) {
      folder = join(root, build.outDir);
    },
    async closeBundle() {
      const paths = (await readdir(folder, { recursive: true })).map((name) => join(folder, name));
      await Promise.all(paths.filter((path) => TEXT.test(path)).map(compress));
    },
  };
}

async function compress(path: string): Promise<void> {
  if ((await stat(path)).size < LEAST) return;
  const content = await readFile(path);
  await Promise.all(
    Object.entries(ENCODINGS).map(async ([ending, encode]) => writeFile(`${path}.${ending}`, await encode(content))),
  );
}
