import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** How an example ended: its exit code, or the signal that killed it, with what it printed. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
  readonly ms: number;
}

/**
 * An example run as a person runs it, in a process group of its own, so that a kill -9 of the group takes the server,
 * its world and its workers at one stroke.
 */
export class ExampleProcess {
  readonly ended: Promise<Ended>;
  readonly #child: ChildProcess;
  #output = '';
  readonly #waiting = new Set<() => void>();

  constructor(
    name: string,
    options: {
      readonly home: string;
      readonly args: readonly string[];
      /** Beside this process's own environment. */
      readonly env?: Readonly<Record<string, string>>;
    },
  ) {
    const main = fileURLToPath(new URL(`../../examples/${name}/main.ts`, import.meta.url));
    const begun = performance.now();
    this.#child = spawn(process.execPath, ['--conditions=millrace-source', main, ...options.args], {
      cwd: ROOT,
      detached: true,
      env: { ...process.env, ...options.env, MILLRACE_HOME: options.home },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.#child.stdout!, this.#child.stderr!]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.#output += text;
        for (const look of this.#waiting) look();
      });
    }
    this.ended = new Promise((resolve) => {
      this.#child.on('close', (code, signal) =>
        resolve({ code, signal, output: this.#output, ms: performance.now() - begun }),
      );
    });
  }

  /** What it has printed until now. */
  get output(): string {
    return this.#output;
  }

  /** Waits until it has printed something that matches, or has ended. */
  async printed(pattern: RegExp): Promise<boolean> {
    const seen = new Promise<boolean>((resolve) => {
      const look = () => {
        if (!pattern.test(this.#output)) return;
        this.#waiting.delete(look);
        resolve(true);
      };
      this.#waiting.add(look);
      look();
    });
    return Promise.race([seen, this.ended.then(() => pattern.test(this.#output))]);
  }

  /** kill -9 of the whole group; nothing if it has ended already. */
  killGroup(): void {
    signalGroup(this.#child.pid, 'SIGKILL');
  }

  interrupt(): void {
    this.#child.kill('SIGINT');
  }
}

function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
