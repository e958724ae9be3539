import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** A process in a group of its own that has said its first line. */
export interface Child {
  readonly process: ChildProcess;
  readonly firstLine: string;
  /** Kills the whole process group with SIGKILL and waits for its end. */
  kill(): Promise<void>;
}

/** Starts a TypeScript file as `npm start` would, in a new process group, and waits for its first line. */
export async function startChild(file: URL, args: readonly string[]): Promise<Child> {
  const child = launch(file, args);
  let said = '';
  const ended = once(child, 'exit').then(() => {
    throw new Error(`the child ended: ${said}`);
  });
  ended.catch(() => {});
  const line = (async () => {
    for await (const chunk of child.stdout!) {
      said += chunk;
      if (said.includes('\n')) return said.slice(0, said.indexOf('\n'));
    }
    return ended;
  })();
  return { process: child, firstLine: await Promise.race([line, ended]), kill: () => killGroup(child) };
}

export function launch(file: URL, args: readonly string[]): ChildProcess {
  const command = ['--conditions=millrace-source', '--no-warnings', file.pathname, ...args];
  return spawn(process.execPath, command, { detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
}

export async function killGroup(child: ChildProcess): Promise<void> {
  const gone = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined;
  process.kill(-child.pid!, 'SIGKILL');
  await gone;
}
