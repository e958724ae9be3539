// Everything that a fresh clone needs before the checks, then the checks.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { build, isBuilt } from './build.mjs';
import { ensureInstalled } from './install.mjs';
import { projectEnvironment, projectNode, report, root } from './project.mjs';

/** Runs the checks and resolves to the exit code. */
export async function runTests(args) {
  try {
    ensureInstalled();
  } catch (error) {
    const code = report(error);
    console.log('0 passed, 1 failed');
    return code;
  }
  try {
    if (!isBuilt()) build();
  } catch (error) {
    // The checks run all the same: the build is one of them, and the others have more to say.
    report(error);
  }
  return new Promise((resolve, reject) => {
    const child = spawn(projectNode(), [join('scripts', 'verify.mjs'), ...args], {
      cwd: root,
      env: projectEnvironment(),
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}
