import type { z } from 'zod';
import type { logLines as contract } from '../api/contract/log-lines.ts';
import { MillraceError } from '../model/errors.ts';
import { isFinished, isRunFinished } from '../model/states.ts';
import type { LogChunkSize } from '../store/readings.ts';
import type { StoredLogChunk } from '../store/rows.ts';
import { iso, isoOrNull } from './iso.ts';
import { type RunName, runOf } from './run-of.ts';
import type { Sources } from './sources.ts';
import type { VersionCache } from './version-cache.ts';

type LogLines = z.infer<typeof contract>;
type Line = LogLines['lines'][number];
type Level = Line['level'];

export interface LogRequest extends RunName {
  /** Undefined: of a flow its body and all calls; of a DAG every task. */
  readonly taskId?: string | undefined;
  /** Default: not mapped; of a flow's call its first. */
  readonly mapIndex?: number | undefined;
  readonly attempt?: number | undefined;
  /** That and worse. */
  readonly level?: Level | undefined;
  readonly find?: string | undefined;
  /** Lines from this number on; or the last ones. */
  readonly from?: number | undefined;
  readonly tail?: number | undefined;
  readonly limit: number;
}

const WORSE: Readonly<Record<Level, readonly Level[]>> = {
  debug: ['debug', 'info', 'warn', 'error'],
  info: ['info', 'warn', 'error'],
  warn: ['warn', 'error'],
  error: ['error'],
};

/** Chunks that are read and parsed together. */
const CHUNKS_AT_ONCE = 50;

/**
 * Lines of a log, numbered over all attempts. The chunks are counted where they lie, and only those are read that hold the
 * lines asked for: a log of many megabytes opens at its tail.
 */
export async function logLines({ store }: Sources, versions: VersionCache, request: LogRequest): Promise<LogLines> {
  const found = await runOf({ store }, versions, request);
  const { run, version, workflow } = found;
  const names = workflow.kind === 'flow' ? await store.readings.stepNames(run.id) : new Map<number, string>();
  const nameOf = (task: number) => names.get(task) ?? version.spec.tasks[task]?.id ?? `task ${task}`;
  const task = taskOf(request.taskId, { names, nameOf, count: version.spec.tasks.length });
  const isStep = task !== undefined && names.has(task);
  const index = task === undefined ? undefined : (request.mapIndex ?? (isStep ? 0 : -1));
  // Before the lines: what has ended by now has said all of them.
  const instance = task === undefined ? null : await store.readings.instance({ run: run.id, task, index: index! });
  const chunks = await store.readings.logChunks({ run: run.id, task, index });
  const sizes = numbered(chunks);
  const wanted = sizes.filter(({ chunk }) => request.attempt === undefined || chunk.attempt === request.attempt);
  const reader = new ChunkReader({ store }, nameOf);
  const total = sizes.reduce((sum, { chunk }) => sum + chunk.lines, 0);
  const firstWithError = wanted.find(({ chunk }) => chunk.error > 0);
  const [lines, errors, attempts] = await Promise.all([
    reader.read(wanted, request),
    firstWithError ? reader.all(firstWithError) : [],
    attemptsOf({ store }, { run: run.id, task, index, sizes }),
  ]);
  const sum = (of: (chunk: LogChunkSize) => number) => wanted.reduce((all, { chunk }) => all + of(chunk), 0);
  const [debug, warn, error] = [sum((chunk) => chunk.debug), sum((chunk) => chunk.warn), sum((chunk) => chunk.error)];
  return {
    lines,
    attempts,
    counts: { debug, warn, error, info: sum((chunk) => chunk.lines) - debug - warn - error },
    total,
    first_error: errors.find(({ level }) => level === 'error')?.n ?? null,
    is_live: !isRunFinished(run.state) && !(instance && isFinished(instance.state)),
  };
}

interface Names {
  readonly names: ReadonlyMap<number, string>;
  readonly nameOf: (task: number) => string;
  readonly count: number;
}

function taskOf(id: string | undefined, { names, nameOf, count }: Names): number | undefined {
  if (id === undefined) return undefined;
  for (const [task, name] of names) if (name === id) return task;
  for (let task = 0; task < count; task += 1) if (nameOf(task) === id) return task;
  throw new MillraceError('not_found', `the run has no task '${id}'`);
}

interface Numbered {
  readonly chunk: LogChunkSize;
  /** Number of its first line. */
  readonly first: number;
}

/** Attempt after attempt, and in each as the lines came. */
function numbered(chunks: readonly LogChunkSize[]): readonly Numbered[] {
  const isOfOne = chunks.every(({ task, index }) => task === chunks[0]!.task && index === chunks[0]!.index);
  const inOrder = isOfOne ? [...chunks].sort((a, b) => a.attempt - b.attempt || a.id - b.id) : chunks;
  let first = 1;
  return inOrder.map((chunk) => {
    const numbers = { chunk, first };
    first += chunk.lines;
    return numbers;
  });
}

class ChunkReader {
  readonly #store: Sources['store'];
  readonly #nameOf: (task: number) => string;

  constructor({ store }: Pick<Sources, 'store'>, nameOf: (task: number) => string) {
    this.#store = store;
    this.#nameOf = nameOf;
  }

  async read(sizes: readonly Numbered[], request: LogRequest): Promise<Line[]> {
    const { from, tail, limit } = request;
    const levels = new Set(WORSE[request.level ?? 'info']);
    const isWanted = ({ level, text }: Line) =>
      levels.has(level) && (request.find === undefined || text.toLowerCase().includes(request.find.toLowerCase()));
    if (tail !== undefined) {
      const lines = await this.#some([...sizes].reverse(), { isWanted, most: Math.min(tail, limit), isBackward: true });
      return lines.slice(-Math.min(tail, limit));
    }
    const begin = from ?? 1;
    const behind = sizes.filter(({ first, chunk }) => first + chunk.lines > begin);
    const lines = await this.#some(behind, {
      isWanted: (line) => line.n >= begin && isWanted(line),
      most: limit,
      isBackward: false,
    });
    return lines.slice(0, limit);
  }

  async all(size: Numbered): Promise<Line[]> {
    return await this.#some([size], { isWanted: () => true, most: Number.POSITIVE_INFINITY, isBackward: false });
  }

  /** Reads on until there are as many as asked for. */
  async #some(
    sizes: readonly Numbered[],
    {
      isWanted,
      most,
      isBackward,
    }: { readonly isWanted: (line: Line) => boolean; readonly most: number; readonly isBackward: boolean },
  ): Promise<Line[]> {
    let lines: Line[] = [];
    for (let at = 0; at < sizes.length && lines.length < most; at += CHUNKS_AT_ONCE) {
      const some = sizes.slice(at, at + CHUNKS_AT_ONCE);
      const chunks = new Map(
        (await this.#store.readings.logChunk(some.map(({ chunk }) => chunk.id))).map((chunk) => [chunk.id, chunk]),
      );
      const inOrder = isBackward ? [...some].reverse() : some;
      const found = inOrder.flatMap((size) => this.#parse(size, chunks.get(size.chunk.id))).filter(isWanted);
      lines = isBackward ? [...found, ...lines] : [...lines, ...found];
    }
    return lines;
  }

  #parse({ first }: Numbered, chunk: StoredLogChunk | undefined): Line[] {
    if (!chunk) return [];
    return chunk.lines.split('\n').map((text, n) => {
      const { at, level, source, message } = JSON.parse(text) as {
        at: number;
        level: Level;
        source: string;
        message: string;
      };
      return {
        n: first + n,
        at: iso(at),
        level,
        text: message,
        try_number: chunk.attempt,
        task_id: this.#nameOf(chunk.task),
        map_index: chunk.index,
        source: source === 'millrace' ? 'system' : (source as Line['source']),
      };
    });
  }
}

interface AttemptsAbout {
  readonly run: number;
  readonly task: number | undefined;
  readonly index: number | undefined;
  readonly sizes: readonly Numbered[];
}

/** Attempts of the one instance that the log is of. */
async function attemptsOf(
  { store }: Pick<Sources, 'store'>,
  { run, task, index, sizes }: AttemptsAbout,
): Promise<LogLines['attempts']> {
  if (task === undefined || index === undefined) return [];
  const rows = await store.readings.attemptsOf({ run, task, indexes: [index] });
  const numbers = [
    ...new Set([...rows.map(({ attempt }) => attempt), ...sizes.map(({ chunk }) => chunk.attempt)]),
  ].sort((a, b) => a - b);
  return numbers.map((number) => {
    const row = rows.find(({ attempt }) => attempt === number);
    const own = sizes.filter(({ chunk }) => chunk.attempt === number);
    const first = own[0]?.first ?? 0;
    const last = own.at(-1);
    return {
      try_number: number,
      first,
      last: last ? last.first + last.chunk.lines - 1 : 0,
      start_date: iso(row?.startedAt ?? own[0]?.chunk.at ?? 0),
      end_date: isoOrNull(row?.endedAt ?? null),
      outcome: row?.outcome ?? 'running',
      worker: row?.worker || null,
    };
  });
}
