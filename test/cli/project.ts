import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const NODE = ['--conditions=millrace-source', '--disable-warning=ExperimentalWarning', main];

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface RunOptions {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** A project in a folder of its own, with the real command line run in it as processes. */
export class Project {
  readonly folder: string;
  readonly #servers = new Set<ServerProcess>();

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async make(files: Readonly<Record<string, string>> = {}): Promise<Project> {
    const project = new Project(await mkdtemp(join(tmpdir(), 'millrace-cli-')));
    await project.write({ 'package.json': '{ "type": "module", "private": true }\n', ...files });
    return project;
  }

  async write(files: Readonly<Record<string, string>>): Promise<void> {
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(this.folder, name)), { recursive: true });
      await writeFile(join(this.folder, name), text);
    }
  }

  async run(args: readonly string[], { input, env }: RunOptions = {}): Promise<Ended> {
    const child = this.#spawn(args, env);
    child.stdin?.end(input ?? '');
    let stdout = '';
    let stderr = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
    return { code, stdout, stderr };
  }

  /** The data that a command prints with --json; it must have gone well. */
  async json<T = unknown>(args: readonly string[], options: RunOptions = {}): Promise<T> {
    const { code, stdout, stderr } = await this.run([...args, '--json'], options);
    if (code !== 0) throw new Error(`millrace ${args.join(' ')} ended with ${code}: ${stderr}`);
    return JSON.parse(stdout) as T;
  }

  /** A command that goes on while the test does something else. */
  start(args: readonly string[], options: Pick<RunOptions, 'env'> = {}): ServerProcess {
    const server = new ServerProcess(this.#spawn(args, options.env));
    this.#servers.add(server);
    return server;
  }

  /** Starts a server and resolves when it takes work. */
  async serve(args: readonly string[] = ['start'], options: Pick<RunOptions, 'env'> = {}): Promise<ServerProcess> {
    const server = this.start(args, options);
    await server.line(/ready/);
    return server;
  }

  async remove(): Promise<void> {
    for (const server of this.#servers) await server.kill('SIGKILL');
    await rm(this.folder, { recursive: true, force: true });
  }

  #spawn(args: readonly string[], env: Readonly<Record<string, string>> = {}): ChildProcess {
    const inherited = Object.entries(process.env).filter(
      ([name]) => !/^(MILLRACE|VITEST|NODE_OPTIONS|FORCE_COLOR)/.test(name),
    );
    return spawn(process.execPath, [...NODE, ...args], {
      cwd: this.folder,
      // Any port that is free: test files run side by side.
      env: { ...Object.fromEntries(inherited), NO_COLOR: '1', MILLRACE_PORT: '0', ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
  }
}

/** A running server, with everything that it has printed so far. */
export class ServerProcess {
  readonly exited: Promise<number | null>;
  #output = '';
  #heard: () => void = () => {};
  readonly #child: ChildProcess;

  constructor(child: ChildProcess) {
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#output += text;
        this.#heard();
      });
    }
    this.exited = new Promise((resolve) =>
      child.on('close', (code) => {
        resolve(code);
        this.#heard();
      }),
    );
  }

  get pid(): number {
    return this.#child.pid!;
  }

  get output(): string {
    return this.#output;
  }

  /** Resolves when what was printed contains the pattern; rejects when the server ends before. */
  async line(pattern: RegExp): Promise<void> {
    while (!pattern.test(this.#output)) {
      if (this.#child.exitCode !== null || this.#child.signalCode !== null) {
        throw new Error(`the server ended without ${pattern}:\n${this.#output}`);
      }
      await new Promise<void>((resolve) => (this.#heard = resolve));
    }
  }

  async kill(signal: NodeJS.Signals): Promise<number | null> {
    this.#child.kill(signal);
    return this.exited;
  }
}
