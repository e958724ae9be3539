import { spawn } from 'node:child_process';
import * as module from 'node:module';
import { isMainThread, Worker } from 'node:worker_threads';

/**
 * Loaded into each child process that runs user code, before anything else (--import).
 *
 * Bundles get this copy of the package, whichever the project has installed: the one that draws a workflow and the one
 * that runs it are the same, and a pipeline outside of any project works too.
 */
function resolveOwnPackage(): void {
  const { registerHooks } = module as Partial<typeof module>;
  registerHooks?.({
    resolve: (specifier, context, nextResolve) =>
      /^millrace(\/|$)/.test(specifier)
        ? nextResolve(specifier, { ...context, parentURL: import.meta.url })
        : nextResolve(specifier, context),
  });
}

/** Waits for the end of its input, then ends its whole process group; only that ends it, or SIGKILL. */
const GUARD = 'trap "" HUP INT QUIT TERM; while read -r _; do :; done; kill -KILL 0';

/**
 * Ends the process group when the server is gone, also while a body blocks the event loop: a shell waits for the end of a
 * pipe that the server holds open as long as it lives. It is in this process's group and ends with it, so it cannot meet
 * a process id that has another owner by then. A thread would do as well, and costs 12 MB: it stands in where there is
 * no shell, or where somebody has ended it.
 */
function watchLifeline(): void {
  const fd = Number(process.env.MILLRACE_LIFELINE_FD);
  delete process.env.MILLRACE_LIFELINE_FD;
  if (!Number.isInteger(fd) || fd <= 2) return;
  if (process.platform === 'win32') {
    watchByThread(fd);
    return;
  }
  const guard = spawn('/bin/sh', ['-c', GUARD], { stdio: [fd, 'ignore', 'ignore'], env: {}, cwd: '/' });
  let replaced = false;
  const replace = () => {
    if (!replaced) watchByThread(fd);
    replaced = true;
  };
  guard.on('error', replace);
  guard.on('exit', replace);
  guard.unref();
}

function watchByThread(fd: number): void {
  const ending = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const thread = new Worker(new URL(`./lifeline-main.${ending}`, import.meta.url), {
    workerData: fd,
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2, stackSizeMb: 1 },
  });
  thread.on('error', (error) => console.error('the end of the server is no longer watched for:', error));
  thread.unref();
}

/** What the process before has compiled is taken from there. */
function shareCompiledCode(): void {
  const folder = process.env.MILLRACE_COMPILE_CACHE;
  delete process.env.MILLRACE_COMPILE_CACHE;
  if (folder) module.enableCompileCache(folder);
}

if (isMainThread) {
  shareCompiledCode();
  resolveOwnPackage();
  watchLifeline();
}
