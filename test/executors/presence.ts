import { createServer, type Server } from 'node:net';

/** Which processes are alive, by a socket that each of them holds open until it ends. */
export class Presence {
  readonly path: string;
  readonly #server: Server;
  readonly #states = new Map<string, 'here' | 'gone'>();
  #changed: (() => void)[] = [];

  private constructor(path: string) {
    this.path = path;
    this.#server = createServer((socket) => {
      let name = '';
      socket.setEncoding('utf8').on('data', (text: string) => {
        name += text;
        if (name.endsWith('\n')) this.#set(name.trim(), 'here');
      });
      socket.on('error', () => {});
      socket.on('close', () => this.#set(name.trim(), 'gone'));
    });
  }

  static async listen(path: string): Promise<Presence> {
    const presence = new Presence(path);
    await new Promise<void>((resolve) => presence.#server.listen(path, resolve));
    return presence;
  }

  joined(name: string): Promise<void> {
    return this.#until(() => this.#states.get(name) === 'here');
  }

  left(name: string): Promise<void> {
    return this.#until(() => this.#states.get(name) === 'gone');
  }

  close(): void {
    this.#server.close();
  }

  async #until(met: () => boolean): Promise<void> {
    while (!met()) await new Promise<void>((resolve) => this.#changed.push(resolve));
  }

  #set(name: string, state: 'here' | 'gone'): void {
    this.#states.set(name, state);
    for (const resolve of this.#changed.splice(0)) resolve();
  }
}
