/**
 * The environment of a worker: this process's without Millrace's own variables, so that no body finds the address of
 * the database or the key of the secrets there.
 */
export function workerEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('MILLRACE_')));
}
