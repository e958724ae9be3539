import { type ChildProcess, fork } from 'node:child_process';
import type { Clock } from '../model/clock.ts';
import { type Evaluation, type EvaluationReply, type EvaluationRequest, HANGS_AT } from './evaluation.ts';

export interface EvaluatorOptions {
  /** Longest import of one file, in milliseconds. */
  readonly timeoutMs: number;
  /** Heap of the child process, in MiB. */
  readonly memoryMb: number;
  readonly clock: Clock;
  readonly env: NodeJS.ProcessEnv;
}

/** A child is replaced when what it imported so far takes up this part of its memory. */
const FULL = 0.5;
/** The part of its time after which it is looked where a file hangs. */
const LOOK = 0.75;
const OUT_OF_MEMORY = /JavaScript heap out of memory|Reached heap limit/;
const LIFELINE_FD = 4;
const STDERR_KEPT = 16 * 1024;

const fromSource = import.meta.url.endsWith('.ts');
const ending = fromSource ? 'ts' : 'js';
const entry = new URL(`./evaluator-main.${ending}`, import.meta.url);
const preload = new URL(`../runner/child/preload-main.${ending}`, import.meta.url);

interface Child {
  readonly process: ChildProcess;
  stderr: string;
  exiting: { readonly exitCode: number; readonly stack: string } | undefined;
  /** How it ended, once its last message has been heard. */
  end: { readonly code: number | null; readonly signal: NodeJS.Signals | null } | undefined;
  /** Resolves when it has started, or ended. */
  readonly started: Promise<void>;
  heard: (reply: EvaluationReply) => void;
  ended: () => void;
}

/**
 * Imports bundles in a child process, one after the other, each under a limit of time. The process is kept warm; a
 * file that hangs it, ends it or eats its memory costs that file its answer and the next one a new process.
 */
export class Evaluator {
  readonly #options: EvaluatorOptions;
  #child: Child | undefined;
  #queue: Promise<unknown> = Promise.resolve();
  #number = 0;
  #closed = false;

  constructor(options: EvaluatorOptions) {
    this.#options = options;
  }

  /** Starts the process ahead of the first file. */
  warm(): void {
    if (!this.#closed) this.#child ??= this.#start();
  }

  evaluate(path: string): Promise<Evaluation> {
    const evaluation = this.#queue.then(() => this.#evaluate(path));
    this.#queue = evaluation.catch(() => {});
    return evaluation;
  }

  close(): void {
    this.#closed = true;
    this.#end();
  }

  /** Ends the process; the next file starts another. Nothing may be under way. */
  rest(): void {
    this.#end();
  }

  async #evaluate(path: string): Promise<Evaluation> {
    if (this.#closed) return { kind: 'exited', exitCode: null, signal: 'the loader was closed', stack: null };
    this.#child ??= this.#start();
    const child = this.#child;
    const { timeoutMs, memoryMb, clock } = this.#options;
    const request: EvaluationRequest = { number: ++this.#number, path, lookAfterMs: timeoutMs * LOOK };
    // The time that the process takes to start is not the file's.
    await child.started;
    child.stderr = '';
    const evaluation = await new Promise<Evaluation>((resolve) => {
      const cancel = clock.after(timeoutMs, () =>
        resolve({ kind: 'timeout', limitMs: timeoutMs, stack: hangingStack(child.stderr) }),
      );
      const settle = (result: Evaluation) => {
        cancel();
        resolve(result);
      };
      child.heard = (reply) => {
        if (reply.kind === 'exiting') child.exiting = reply;
        if (!('number' in reply) || reply.number !== request.number) return;
        if (reply.kind === 'threw') return settle({ kind: 'threw', error: reply.error });
        if (reply.heapUsed > FULL * memoryMb * 2 ** 20) this.#end();
        settle({ kind: 'drawn', workflows: reply.workflows, varying: reply.varying });
      };
      child.ended = () => {
        const { code = null, signal = null } = child.end ?? {};
        if (OUT_OF_MEMORY.test(child.stderr)) settle({ kind: 'out_of_memory', limitMb: memoryMb });
        else if (child.exiting) settle({ ...child.exiting, kind: 'exited', signal: null });
        else settle({ kind: 'exited', exitCode: code, signal, stack: null });
      };
      if (child.end) child.ended();
      else child.process.send(request, () => {});
    });
    if (evaluation.kind !== 'drawn' && evaluation.kind !== 'threw') this.#end();
    return evaluation;
  }

  #start(): Child {
    const { memoryMb, env } = this.#options;
    const forked = fork(entry, [], {
      detached: process.platform !== 'win32',
      serialization: 'json',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc', 'pipe'],
      execArgv: [
        '--enable-source-maps',
        `--max-old-space-size=${memoryMb}`,
        ...(fromSource ? ['--conditions=millrace-source', '--disable-warning=ExperimentalWarning'] : []),
        `--import=${preload.href}`,
      ],
      env: { ...env, MILLRACE_LIFELINE_FD: String(LIFELINE_FD) },
    });
    const { promise: started, resolve: ready } = Promise.withResolvers<void>();
    const child: Child = {
      process: forked,
      stderr: '',
      exiting: undefined,
      end: undefined,
      started,
      heard: () => {},
      ended: () => {},
    };
    const ended = (code: number | null, signal: NodeJS.Signals | null) => {
      if (this.#child === child) this.#child = undefined;
      child.end = { code, signal };
      child.ended();
      ready();
    };
    forked.on('message', (message) => {
      const reply = message as EvaluationReply;
      if (reply.kind === 'ready') ready();
      else child.heard(reply);
    });
    forked.stdout?.resume();
    forked.stderr?.setEncoding('utf8').on('data', (text: string) => {
      child.stderr = (child.stderr + text).slice(-STDERR_KEPT);
    });
    forked.on('error', (error) => {
      child.stderr += String(error);
      if (forked.pid === undefined) ended(null, null);
    });
    forked.on('exit', () => this.#kill(forked));
    forked.on('close', ended);
    return child;
  }

  #end(): void {
    if (this.#child) this.#kill(this.#child.process);
    this.#child = undefined;
  }

  #kill({ pid }: ChildProcess): void {
    if (pid === undefined) return;
    try {
      process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
    } catch {
      // It is gone already.
    }
  }
}

/** Where the child said that it hangs, as a stack; null where it waits for something that never comes. */
function hangingStack(stderr: string): string | null {
  const frames = stderr.split('\n').filter((line) => line.startsWith(HANGS_AT));
  return frames.length === 0 ? null : frames.map((line) => line.slice(HANGS_AT.length)).join('\n');
}
