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

/**
 * Ends the process group when the server is gone, also while a body blocks the event loop: a thread waits for the end
 * of a pipe that the server holds open as long as it lives.
 */
function watchLifeline(): void {
  const fd = Number(process.env.MILLRACE_LIFELINE_FD);
  delete process.env.MILLRACE_LIFELINE_FD;
  if (!Number.isInteger(fd) || fd <= 2) return;
  const ending = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const thread = new Worker(new URL(`./lifeline-main.${ending}`, import.meta.url), {
    workerData: fd,
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2, stackSizeMb: 1 },
  });
  thread.on('error', (error) => console.error('the end of the server is no longer watched for:', error));
  thread.unref();
}

if (isMainThread) {
  resolveOwnPackage();
  watchLifeline();
}
