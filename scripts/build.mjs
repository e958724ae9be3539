// Builds dist/ from src/ with tsc, incrementally. Runs on Node 18 once the dependencies are installed.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { command, projectEnvironment, projectNode, report, root, SetupError } from './project.mjs';

const source = join(root, 'src');
const dist = join(root, 'dist');
/** Written after a build without errors; its time is the build's. */
const stamp = join(dist, '.built');

function* walk(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* walk(path);
    yield path;
  }
}

/** True when nothing in src/ (folders count: a deleted file changes them) is newer than the last good build. */
export function isBuilt() {
  if (!existsSync(stamp)) return false;
  const built = statSync(stamp).mtimeMs;
  const inputs = [join(root, 'tsconfig.json'), join(root, 'tsconfig.build.json'), source, ...walk(source)];
  return inputs.every((path) => statSync(path).mtimeMs <= built);
}

/** tsc leaves the output of deleted sources behind; it would be published. */
function removeOrphans() {
  for (const path of [...walk(dist)]) {
    const match = /^(.*)\.(?:js|js\.map|d\.ts|d\.ts\.map)$/.exec(path);
    if (!match) continue;
    const origin = `${source}${match[1].slice(dist.length)}`;
    if (![`${origin}.ts`, `${origin}.tsx`].some((file) => existsSync(file))) rmSync(path);
  }
}

export function build() {
  const started = new Date();
  mkdirSync(dist, { recursive: true });
  rmSync(stamp, { force: true });
  const { status } = spawnSync(projectNode(), [command('tsc'), '-p', 'tsconfig.build.json'], {
    cwd: root,
    env: projectEnvironment(),
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status !== 0) throw new SetupError('The build failed; the errors are above.', 'Mend them and build again.');
  removeOrphans();
  writeFileSync(stamp, `${started.toISOString()}\n`);
}

export function ensureBuilt() {
  if (isBuilt()) return;
  console.error('Building (tsc) ...');
  build();
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    build();
  } catch (error) {
    process.exitCode = report(error);
  }
}
