import { type ChildProcess, fork } from 'node:child_process';
import type { Socket } from 'node:net';
import type { Clock } from '../../model/clock.ts';
import type { AttemptOrder, RunFacts } from '../executor.ts';
import { compileCacheEnvironment } from './compile-cache.ts';
import { LineTail } from './line-tail.ts';
import { type FromWorker, LIFELINE, type ToWorker, type WorkerSetup } from './protocol.ts';
import type { WorkerExit } from './worker-exit.ts';

export interface WorkerProcessOptions {
  readonly setup: WorkerSetup;
  /** MiB of heap, or null for the platform's default. */
  readonly memory: number | null;
  readonly env: NodeJS.ProcessEnv;
  readonly clock: Clock;
  message(message: FromWorker): void;
  /** Lines that the process prints outside of any attempt. */
  output(stream: 'stdout' | 'stderr', line: string): void;
  /** Once, after its last message. */
  exit(exit: WorkerExit): void;
}

/** How many lines of stderr are kept for the reason of a death. */
const TAIL = 40;

/** Longest wait for output that a detached grandchild of a dead worker still holds open. */
const OUTPUT_WAIT_MS = 1_000;

const LIFELINE_FD = 4;

/** From src with type stripping, or from dist. */
const fromSource = import.meta.url.endsWith('.ts');
const ending = fromSource ? 'ts' : 'js';
const entry = new URL(`../../runner/worker/main.${ending}`, import.meta.url);
const preload = new URL(`../../runner/child/preload-main.${ending}`, import.meta.url);

/** One worker process, in a process group of its own so that everything it started can be ended with it. */
export class WorkerProcess {
  readonly pid: number | undefined;
  readonly #options: WorkerProcessOptions;
  readonly #child: ChildProcess;
  readonly #stderr = new LineTail(TAIL);
  #runs = new Map<number, RunFacts>();
  #orders: AttemptOrder[] = [];
  #endedFor: string | null = null;
  #gone = false;

  constructor(options: WorkerProcessOptions) {
    this.#options = options;
    this.#child = fork(entry, [], {
      detached: process.platform !== 'win32',
      serialization: 'json',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc', 'pipe'],
      execArgv: [
        '--enable-source-maps',
        ...(fromSource ? ['--conditions=millrace-source', '--disable-warning=ExperimentalWarning'] : []),
        `--import=${preload.href}`,
        ...(options.memory === null ? [] : [`--max-old-space-size=${options.memory}`]),
      ],
      env: { ...options.env, [LIFELINE]: String(LIFELINE_FD), ...compileCacheEnvironment() },
    });
    this.pid = this.#child.pid;
    this.#child.on('message', (message) => options.message(message as FromWorker));
    this.#readOutput();
    this.#awaitExit();
    this.send({ kind: 'setup', ...options.setup });
  }

  /** Orders of one turn of the event loop go out in one message, each run's facts once. */
  run(run: RunFacts, order: AttemptOrder): void {
    if (this.#orders.length === 0) queueMicrotask(() => this.#flush());
    this.#runs.set(run.key, run);
    this.#orders.push(order);
  }

  send(message: ToWorker): void {
    this.#flush();
    // A channel that is closed is no error here: the exit says what has become of the attempts.
    if (this.#child.connected) this.#child.send(message, () => {});
  }

  /** Asks the process and everything it started to end; `why` is what its attempts are told. */
  terminate(why: string): void {
    this.#endedFor ??= why;
    this.#signal('SIGTERM');
  }

  /** Ends the process and everything it started. */
  kill(why: string): void {
    this.#endedFor ??= why;
    this.#signal('SIGKILL');
  }

  #flush(): void {
    if (this.#orders.length === 0) return;
    const message: ToWorker = { kind: 'run', runs: [...this.#runs.values()], orders: this.#orders };
    this.#runs = new Map();
    this.#orders = [];
    if (this.#child.connected) this.#child.send(message, () => {});
  }

  #signal(signal: NodeJS.Signals): void {
    if (this.#gone || this.pid === undefined) return;
    try {
      if (process.platform === 'win32') this.#child.kill(signal);
      else process.kill(-this.pid, signal);
    } catch {
      // The group has no member left.
    }
  }

  #readOutput(): void {
    for (const name of ['stdout', 'stderr'] as const) {
      const tail = name === 'stderr' ? this.#stderr : new LineTail(1);
      this.#child[name]?.setEncoding('utf8').on('data', (piece: string) => {
        for (const line of tail.add(piece)) this.#options.output(name, line);
      });
    }
    // Nothing is ever written to it: its closing tells the worker, even one whose event loop is blocked, that this
    // process is gone.
    const lifeline = this.#child.stdio[LIFELINE_FD] as Socket | null;
    lifeline?.on('error', () => {});
    lifeline?.unref();
  }

  #awaitExit(): void {
    const child = this.#child;
    let ended: { code: number | null; signal: NodeJS.Signals | null } | undefined;
    let closed = false;
    let stopWaiting: (() => void) | undefined;
    const settle = () => {
      if (this.#gone || !ended) return;
      this.#gone = true;
      stopWaiting?.();
      const { memory } = this.#options;
      this.#options.exit({ ...ended, memory, lastLines: this.#stderr.lines(), endedFor: this.#endedFor });
    };
    const settleWhenRead = () => {
      if (closed && !child.connected) settle();
    };
    child.on('error', (error) => {
      // It could not be started; no other event follows.
      if (child.pid !== undefined) return;
      this.#stderr.add(`${String(error)}\n`);
      ended = { code: null, signal: null };
      settle();
    });
    child.on('exit', (code, signal) => {
      ended = { code, signal };
      // What it started must not outlive it, and would keep its output open.
      this.#signal('SIGKILL');
      stopWaiting = this.#options.clock.after(OUTPUT_WAIT_MS, settle);
    });
    child.on('close', () => {
      closed = true;
      settleWhenRead();
    });
    child.on('disconnect', settleWhenRead);
  }
}
