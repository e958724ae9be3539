import { Console } from 'node:console';
import { currentScope } from '../sdk/scope.ts';
import type { AttemptLog } from './attempt-log.ts';

/** A scope whose console output belongs to an attempt's log. */
export interface PrintingScope {
  readonly attemptLog: AttemptLog;
  /** False: the console stays as it is. */
  readonly prints: boolean;
}

function attemptLog(): AttemptLog | undefined {
  const scope = currentScope() as Partial<PrintingScope> | undefined;
  return scope?.prints === false ? undefined : scope?.attemptLog;
}

const METHODS = [
  'log',
  'info',
  'debug',
  'warn',
  'error',
  'trace',
  'dir',
  'dirxml',
  'table',
  'group',
  'groupCollapsed',
  'groupEnd',
  'assert',
  'count',
  'countReset',
  'time',
  'timeEnd',
  'timeLog',
] as const;

let captures = 0;
let restore: (() => void) | undefined;

/**
 * From now on the console writes into the log of the attempt in whose scope it is called, and as before outside of
 * any. Once per process, whatever the number of attempts: which attempt it is comes from async-local storage. Returns
 * what ends the capture; it ends when everybody who began one has ended it.
 */
export function captureConsole(): () => void {
  captures++;
  restore ??= install();
  let ended = false;
  return () => {
    if (ended) return;
    ended = true;
    if (--captures > 0) return;
    restore?.();
    restore = undefined;
  };
}

function install(): () => void {
  const original = globalThis.console;
  const into = (source: 'stdout' | 'stderr') =>
    ({ write: (text: string) => attemptLog()?.print(source, text) ?? true }) as unknown as NodeJS.WritableStream;
  const routed = new Console({ stdout: into('stdout'), stderr: into('stderr'), ignoreErrors: false, colorMode: false });
  const before = METHODS.map((method) => [method, original[method]] as const);
  for (const [method, outside] of before) {
    const inside = routed[method] as (...args: unknown[]) => void;
    original[method] = (...args: unknown[]) =>
      attemptLog() ? inside.apply(routed, args) : (outside as (...args: unknown[]) => void).apply(original, args);
  }
  const streams = [captureStream('stdout'), captureStream('stderr')];
  return () => {
    for (const [method, outside] of before) (original as unknown as Record<string, unknown>)[method] = outside;
    for (const release of streams) release();
  };
}

/** Direct writes: process.stdout.write() and libraries that use it. */
function captureStream(source: 'stdout' | 'stderr'): () => void {
  const stream = process[source];
  const outside = stream.write;
  const write = (chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
    const log = attemptLog();
    if (!log) return (outside as (...args: unknown[]) => boolean).call(stream, chunk, ...rest);
    log.print(source, typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8'));
    const done = rest.find((argument) => typeof argument === 'function') as (() => void) | undefined;
    if (done) process.nextTick(done);
    return true;
  };
  stream.write = write as typeof stream.write;
  return () => {
    if (stream.write === write) stream.write = outside;
  };
}
