import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Plugin } from 'vite';

/** Fonts and pictures are compressed as they are. */
const TEXT = /\.(?:js|css|html|svg)$/;
/** What fits into one packet gets no faster. */
const LEAST = 1_000;

/** The last steps of Brotli take ten times as long for a twentieth less. */
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } };

const ENCODINGS = {
  br: (content: Buffer) => promisify(brotliCompress)(content, BROTLI),
  gz: (content: Buffer) => promisify(gzip)(content),
};

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
