import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { MillraceError } from '../model/errors.ts';
import type { WorkflowSpec } from '../model/spec.ts';
import { captureWorkflows } from '../sdk/drawn.ts';
import type { EvaluationReply, EvaluationRequest, HangWatch, ThrownError } from './evaluation.ts';

// The loader's child process: imports bundles, one after the other, and tells what they define.

const exit = process.exit.bind(process);

function reply(message: EvaluationReply, sent: () => void = () => {}): void {
  if (process.connected) process.send?.(message, sent);
}

/** Imports the bundle twice, so that a workflow that is drawn from the clock, from chance or from the environment shows. */
async function evaluate({ number, path, lookAfterMs }: EvaluationRequest): Promise<void> {
  watchHangs({ lookAfterMs });
  try {
    const first = await draw(path, `${number}a`);
    const second = await draw(path, `${number}b`);
    reply({
      kind: 'drawn',
      number,
      workflows: first,
      varying: varying(first, second),
      heapUsed: process.memoryUsage().heapUsed,
    });
  } catch (error) {
    reply({ kind: 'threw', number, error: describe(error) });
  } finally {
    watchHangs({ lookAfterMs: null });
  }
}

const ending = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
const hangWatch = new Worker(new URL(`./hang-watch-main.${ending}`, import.meta.url), { execArgv: [] });
hangWatch.on('error', () => {});
hangWatch.unref();

function watchHangs(watch: HangWatch): void {
  hangWatch.postMessage(watch);
}

async function draw(path: string, read: string): Promise<WorkflowSpec[]> {
  const url = `${pathToFileURL(path).href}?read=${read}`;
  return (await captureWorkflows(() => import(url))).map(({ spec }) => spec);
}

function varying(first: readonly WorkflowSpec[], second: readonly WorkflowSpec[]): string[] {
  const texts = new Map(second.map((spec) => [spec.id, JSON.stringify(spec)]));
  const changed = first.filter((spec) => texts.get(spec.id) !== JSON.stringify(spec)).map(({ id }) => id);
  const known = new Set(first.map(({ id }) => id));
  return [...changed, ...second.filter(({ id }) => !known.has(id)).map(({ id }) => id)];
}

function describe(error: unknown): ThrownError {
  if (!(error instanceof Error)) {
    const message = `something that is no error was thrown: ${String(error)}`;
    return { name: 'Error', message, stack: null, code: null, fix: null, place: null };
  }
  const own = MillraceError.is(error) ? error : undefined;
  const code = own?.code ?? (error as NodeJS.ErrnoException).code;
  return {
    name: error.name,
    message: error.message,
    stack: error.stack ?? null,
    code: typeof code === 'string' ? code : null,
    fix: own?.fix ?? null,
    place: own?.place ? { file: own.place.file, line: own.place.line ?? null, column: own.place.column ?? null } : null,
  };
}

process.exit = ((code?: number | string | null) => {
  const stack = new Error('process.exit').stack ?? '';
  reply({ kind: 'exiting', exitCode: Number(code ?? process.exitCode ?? 0), stack }, () => exit(code));
  exit(code);
}) as typeof process.exit;

// What a file started and let go of, a rejected promise or a timer that throws, is not what it defines.
process.on('uncaughtException', (error) => console.error(error));
process.on('unhandledRejection', (error) => console.error(error));
process.on('disconnect', () => exit(0));
process.on('message', (request) => void evaluate(request as EvaluationRequest));
reply({ kind: 'ready' });
