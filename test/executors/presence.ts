import { createServer, type Server } from 'node:net';

interface Process {
  readonly pid: number;
  state: 'here' | 'gone';
}

/**
 * Which processes are alive, by a socket that each of them holds open until it ends. Each says its name and its pid, so
 * that a test which fails can end them.
 */
export class Presence {
  readonly path: string;
  readonly #server: Server;
  readonly #processes = new Map<string, Process>();
  #changed: (() => void)[] = [];

  private constructor(path: string) {
    this.path = path;
    this.#server = createServer((socket) => {
      let said = '';
      let process: Process | undefined;
      socket.setEncoding('utf8').on('data', (text: string) => {
        said += text;
        if (process || !said.endsWith('\n')) return;
        const [name = '', pid] = said.trim().split(' ');
        process = { pid: Number(pid), state: 'here' };
        this.#processes.set(name, process);
        this.#tell();
      });
      socket.on('error', () => {});
      socket.on('close', () => {
        if (process) process.state = 'gone';
        this.#tell();
      });
    });
  }

  static async listen(path: string): Promise<Presence> {
    const presence = new Presence(path);
    await new Promise<void>((resolve) => presence.#server.listen(path, resolve));
    return presence;
  }

  joined(name: string): Promise<void> {
    return this.#until(() => this.#processes.get(name)?.state === 'here');
  }

  left(name: string): Promise<void> {
    return this.#until(() => this.#processes.get(name)?.state === 'gone');
  }

  /** Ends every process that is still here, with its group; their sockets are open, so that the pids are still theirs. */
  async close(): Promise<string[]> {
    const left = [...this.#processes].filter(([, { state }]) => state === 'here');
    for (const [, { pid }] of left) {
      for (const target of [-pid, pid]) {
        try {
          process.kill(target, 'SIGKILL');
        } catch {
          // It leads no group, or is gone by now.
        }
      }
    }
    await this.#until(() => left.every(([, { state }]) => state === 'gone'));
    this.#server.close();
    return left.map(([name]) => name);
  }

  async #until(met: () => boolean): Promise<void> {
    while (!met()) await new Promise<void>((resolve) => this.#changed.push(resolve));
  }

  #tell(): void {
    for (const resolve of this.#changed.splice(0)) resolve();
  }
}
