// Builds dist/ from src/ with tsc, incrementally, and the page from web/ with Vite. Runs on Node 18 once the dependencies
// are installed.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { command, projectEnvironment, projectNode, report, root, SetupError } from './project.mjs';

const source = join(root, 'src');
const dist = join(root, 'dist');
/** Written after a build without errors; its time is the build's. */
const stamp = join(dist, '.built');
const page = join(root, 'web');
const builtPage = join(dist, 'web');
const pageStamp = join(builtPage, '.built');

function* walk(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* walk(path);
    yield path;
  }
}

/** True when nothing that went into it (folders count: a deleted file changes them) is newer than the last good build. */
function isNewer(madeAt, inputs) {
  if (!existsSync(madeAt)) return false;
  const built = statSync(madeAt).mtimeMs;
  return inputs.every((path) => statSync(path).mtimeMs <= built);
}

const isCodeBuilt = () =>
  isNewer(stamp, [join(root, 'tsconfig.json'), join(root, 'tsconfig.build.json'), source, ...walk(source)]);

const isPageBuilt = () => isNewer(pageStamp, [page, ...walk(page), ...walk(join(source, 'client'))]);

export const isBuilt = () => isCodeBuilt() && isPageBuilt();

/** tsc leaves the output of deleted sources behind; it would be published. */
function removeOrphans() {
  for (const path of [...walk(dist)]) {
    if (path.startsWith(builtPage)) continue;
    const match = /^(.*)\.(?:js|js\.map|d\.ts|d\.ts\.map)$/.exec(path);
    if (!match) continue;
    const origin = `${source}${match[1].slice(dist.length)}`;
    if (![`${origin}.ts`, `${origin}.tsx`].some((file) => existsSync(file))) rmSync(path);
  }
}

function run(...args) {
  const { status } = spawnSync(projectNode(), args, {
    cwd: root,
    env: projectEnvironment(),
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status !== 0) throw new SetupError('The build failed; the errors are above.', 'Mend them and build again.');
}

function buildCode() {
  const started = new Date();
  mkdirSync(dist, { recursive: true });
  rmSync(stamp, { force: true });
  run(command('tsc'), '-p', 'tsconfig.build.json');
  removeOrphans();
  run(join(root, 'scripts', 'bundle-kysely.mjs'));
  writeFileSync(stamp, `${started.toISOString()}\n`);
}

function buildPage() {
  const started = new Date();
  run(command('vite'), 'build', '--logLevel', 'warn', 'web');
  writeFileSync(pageStamp, `${started.toISOString()}\n`);
}

export function build() {
  buildCode();
  buildPage();
}

export function ensureBuilt() {
  if (!isCodeBuilt()) {
    console.error('Building (tsc) ...');
    buildCode();
  }
  if (!isPageBuilt()) {
    console.error('Building the page (vite) ...');
    buildPage();
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    build();
  } catch (error) {
    process.exitCode = report(error);
  }
}
