// Makes one file of dist/store/sql/kysely.js and what it imports: reading Kysely's 250 modules one by one is a fifth of
// the time until a server is ready. Its licence goes with it.
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { root } from './project.mjs';

const outfile = join(root, 'dist', 'store', 'sql', 'kysely.js');
buildSync({
  entryPoints: [join(root, 'src', 'store', 'sql', 'kysely.ts')],
  outfile,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node22',
  banner: { js: `/*!\n${readFileSync(join(root, 'node_modules', 'kysely', 'LICENSE'), 'utf8')}*/` },
  logLevel: 'warning',
});
// tsc's, of a file that is no more.
rmSync(`${outfile}.map`, { force: true });
