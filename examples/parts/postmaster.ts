import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

/** What PostgreSQL's main process writes about itself into its data folder. */
interface Postmaster {
  readonly pid: number;
  readonly ready: boolean;
}

/** Reads `postmaster.pid`; undefined when there is none. It may be that of a process that is no more. */
export async function readPostmaster(data: string): Promise<Postmaster | undefined> {
  let text: string;
  try {
    text = await readFile(join(data, 'postmaster.pid'), 'utf8');
  } catch {
    return undefined;
  }
  const lines = text.split('\n');
  const pid = Number(lines[0]);
  return Number.isInteger(pid) && pid > 0 ? { pid, ready: lines[7]?.trim() === 'ready' } : undefined;
}

/**
 * Whether the process is the PostgreSQL of this data folder, and not another one that got the same number later. A
 * process that ended and waits for its parent counts as ended.
 */
export async function isPostmaster(pid: number, data: string): Promise<boolean> {
  const command = await commandLine(pid);
  return command.includes('postgres') && command.split('\0').some((part) => part === data || part.endsWith(` ${data}`));
}

async function commandLine(pid: number): Promise<string> {
  if (process.platform === 'linux') return readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  const found = await promisify(execFile)('ps', ['-ww', '-o', 'command=', '-p', String(pid)]).catch(() => undefined);
  // The arguments stand in one line; what follows the data folder is an option.
  return found ? found.stdout.trim().replaceAll(/ -(?=[a-z] )/g, '\0-') : '';
}

/** Ends the server: first in order, after 15 seconds at once. Resolves when it is gone. */
export async function endPostmaster(pid: number, data: string): Promise<void> {
  for (const [signal, seconds] of [
    ['SIGINT', 15],
    ['SIGQUIT', 5],
    ['SIGKILL', 5],
  ] as const) {
    if (!(await isPostmaster(pid, data))) return;
    try {
      process.kill(pid, signal);
    } catch {
      // It ended in between.
    }
    for (let waited = 0; waited < seconds * 1000; waited += 20) {
      if (!(await isPostmaster(pid, data))) return;
      await sleep(20);
    }
  }
  throw new Error(`PostgreSQL (process ${pid}) does not end.`);
}

/**
 * A shell in a process group of its own that reads a pipe of this process. The pipe ends with this process, however
 * that dies; then the shell ends the server in order, if it is still the one of the data folder.
 */
export function watchOwner(pid: number, data: string): ChildProcess | undefined {
  if (process.platform === 'win32') return undefined;
  const script = 'cat >/dev/null; read -r now <"$2" && [ "$now" = "$1" ] && kill -INT "$1"';
  const shell = spawn('sh', ['-c', script, 'sh', String(pid), join(data, 'postmaster.pid')], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  shell.unref();
  (shell.stdin as { unref?: () => void } | null)?.unref?.();
  return shell;
}
