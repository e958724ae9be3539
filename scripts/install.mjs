// Installs the dependencies when they are missing or not the ones of the lock file. Runs on Node 18.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, SetupError } from './project.mjs';

const lockFile = join(root, 'package-lock.json');
const modules = join(root, 'node_modules');
const stamp = join(modules, '.millrace-install');

const lockHash = () => createHash('sha256').update(readFileSync(lockFile)).digest('hex');

/** Somebody ran npm by hand: what npm wrote down about the folder equals the lock file, optional packages aside. */
function npmInstalledTheSame() {
  const written = join(modules, '.package-lock.json');
  if (!existsSync(written)) return false;
  const installed = JSON.parse(readFileSync(written, 'utf8')).packages;
  const wanted = JSON.parse(readFileSync(lockFile, 'utf8')).packages;
  return Object.entries(wanted).every(
    ([path, entry]) =>
      path === '' || entry.optional || entry.peer || entry.link || installed[path]?.version === entry.version,
  );
}

function isInstalled() {
  if (!existsSync(modules)) return false;
  if (existsSync(stamp)) return readFileSync(stamp, 'utf8') === lockHash();
  return npmInstalledTheSame();
}

/** The npm that runs this script, else the one on the path. */
function npm(args) {
  const script = process.env.npm_execpath;
  const options = { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] };
  if (script && /npm-cli\.c?js$/.test(script)) {
    return spawnSync(process.env.npm_node_execpath ?? process.execPath, [script, ...args], options);
  }
  return spawnSync('npm', args, { ...options, shell: process.platform === 'win32' });
}

export function ensureInstalled() {
  if (!existsSync(lockFile)) {
    throw new SetupError('package-lock.json is missing.', 'Restore it: "git checkout package-lock.json".');
  }
  if (!isInstalled()) {
    console.error('Installing dependencies (npm ci) ...');
    const { error, status } = npm(['ci', '--include=dev', '--no-fund', '--no-audit', '--loglevel=error']);
    if (error?.code === 'ENOENT') {
      throw new SetupError('npm is not installed.', 'Install Node 22 or newer with npm (https://nodejs.org).');
    }
    if (error) throw error;
    if (status !== 0) {
      throw new SetupError('npm ci failed; its own message is above.', 'Mend the cause and run the command again.');
    }
  }
  if (!existsSync(stamp)) writeFileSync(stamp, lockHash());
}
