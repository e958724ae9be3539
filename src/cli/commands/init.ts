import { existsSync } from 'node:fs';
import { mkdir, readdir, realpath, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MillraceError } from '../../model/errors.ts';
import { command } from '../command.ts';
import { projectFiles } from '../new-project.ts';
import { ownVersion } from '../own-version.ts';

export const init = () =>
  command<readonly [folder: string | undefined]>(
    'init',
    'make a new project, with a pipeline of three tasks to begin with',
    (it) => it.argument('[folder]', 'where (default: here)'),
    async ({ cwd, terminal }, [given]) => {
      const folder = resolve(cwd, given ?? '.');
      const files = projectFiles({ name: packageName(basename(folder)), dependency: await dependency(folder) });
      const taken = [...files.keys()].filter((file) => existsSync(join(folder, file)));
      if (taken.length > 0) {
        throw new MillraceError('already_exists', `${folder} has ${taken.join(', ')} already`, {
          fix: 'Choose an empty or new folder: millrace init NAME',
        });
      }
      await mkdir(folder, { recursive: true });
      const others = (await readdir(folder)).filter((name) => !name.startsWith('.'));
      for (const [file, text] of files) {
        await mkdir(dirname(join(folder, file)), { recursive: true });
        await writeFile(join(folder, file), text, { flag: 'wx' });
      }
      terminal.data({ folder, files: [...files.keys()] }, () =>
        [...files.keys()].map((file) => join(given ?? '.', file)).join('\n'),
      );
      if (others.length > 0) terminal.say('Other files of the folder are as they were.');
      const enter = given === undefined ? '' : `  cd ${given}\n`;
      terminal.say(
        `\nNext:\n${enter}  npm install\n  npx millrace check\n  npx millrace dev\n  npx millrace dags trigger hello --wait    (in another terminal)`,
      );
    },
  );

/** npm's rules for names. */
function packageName(folder: string): string {
  const name = folder
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, '-')
    .replaceAll(/^[._-]+|-+$/g, '');
  return name === '' || name === 'millrace' || name === 'node_modules' ? 'pipelines' : name;
}

/** What the new project depends on: this version or, run from a checkout of the repository, the checkout. */
async function dependency(folder: string): Promise<string> {
  const own = await realpath(fileURLToPath(new URL('../../..', import.meta.url)));
  if (own.split(sep).includes('node_modules') || !existsSync(join(own, 'tsconfig.build.json')))
    return `^${ownVersion()}`;
  return `file:${relative(folder, own).split(sep).join('/')}`;
}
