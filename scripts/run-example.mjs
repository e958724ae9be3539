// Runs an example as a user would: with the built package, on the project's Node.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt } from './build.mjs';
import { ensureInstalled } from './install.mjs';
import { projectEnvironment, projectNode, report, root, SetupError } from './project.mjs';

const DEFAULT_EXAMPLE = 'customer-pipeline';

const examples = () =>
  readdirSync(join(root, 'examples'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(root, 'examples', entry.name, 'main.ts')))
    .map((entry) => entry.name)
    .sort();

/** The first argument names the example unless it is an option; the rest goes to the example. */
function choose(args) {
  const named = args[0] !== undefined && !args[0].startsWith('-');
  const name = named ? args[0] : DEFAULT_EXAMPLE;
  const known = examples();
  if (!known.includes(name)) {
    throw new SetupError(`There is no example "${name}".`, `Choose one of: ${known.join(', ') || '(none yet)'}.`);
  }
  return { name, rest: named ? args.slice(1) : args };
}

/** Runs the example to its end and resolves to its exit code. */
export async function runExample(args) {
  try {
    const { name, rest } = choose(args);
    ensureInstalled();
    ensureBuilt();
    return await runToEnd(join('examples', name, 'main.ts'), rest);
  } catch (error) {
    return report(error);
  }
}

function runToEnd(file, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(projectNode(), [file, ...args], { cwd: root, env: projectEnvironment(), stdio: 'inherit' });
    // Ctrl-C in a terminal reaches the child by itself, as a member of the same process group; passing it on too would
    // count as a second Ctrl-C, which means "stop at once".
    process.on('SIGINT', () => {
      if (!process.stdin.isTTY) child.kill('SIGINT');
    });
    for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
    const watch = stopWithNpm(child);
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      clearInterval(watch);
      resolve(code ?? 128 + (constants.signals[signal] ?? 0));
    });
  });
}

/**
 * npm hands a signal to the shell between it and this process, and that shell keeps it to itself: the server would
 * outlive its npm. So the child ends when the shell has gone.
 */
function stopWithNpm(child) {
  if (process.env.npm_lifecycle_event === undefined) return undefined;
  const parent = process.ppid;
  return setInterval(() => {
    if (process.ppid !== parent) child.kill('SIGTERM');
  }, 500);
}
