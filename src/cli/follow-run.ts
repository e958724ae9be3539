import { sleep } from '../model/clock.ts';
import { formatDuration } from '../model/duration.ts';
import { isRunFinished } from '../model/states.ts';
import type { RunRow } from '../store/rows.ts';
import type { Store } from '../store/store.ts';
import { chunkLines, logText } from './log-text.ts';
import { Narrator, type RunEvent } from './server/run-event.ts';
import type { Session } from './session.ts';
import { TaskNames } from './task-names.ts';
import type { Terminal } from './terminal.ts';
import { clockTime } from './times.ts';

/** Changes of another process are announced; this is for those whose announcement is lost. */
const LOOK_AGAIN_MS = 1000;

/** Calls `look` whenever something may have changed in the store, until it says that it is done or the signal aborts. */
export async function lookUntil(session: Session, look: () => Promise<boolean>, signal?: AbortSignal): Promise<void> {
  const store = await session.store();
  let changed = new AbortController();
  const unwatch = store.watch(() => changed.abort());
  try {
    while (!(await look()) && !signal?.aborted) {
      await sleep(session.clock, LOOK_AGAIN_MS, signal ? AbortSignal.any([signal, changed.signal]) : changed.signal);
      changed = new AbortController();
    }
  } finally {
    unwatch();
  }
}

/** Tells what happens in a run, on stderr, until it ends; returns it as it is then. */
export async function followRun(session: Session, run: Pick<RunRow, 'id' | 'versionId'>): Promise<RunRow> {
  return new RunFollower(session, run, 'events').follow();
}

interface News {
  readonly at: number;
  readonly text: string;
}

/** Tells what happens in a run, on stderr, each thing once, however often it is let go and taken up again. */
export class RunFollower {
  readonly #session: Session;
  readonly #run: Pick<RunRow, 'id' | 'versionId'>;
  readonly #what: 'events' | 'events and logs';
  #told = 0;
  #toldLog = 0;

  constructor(session: Session, run: Pick<RunRow, 'id' | 'versionId'>, what: 'events' | 'events and logs') {
    this.#session = session;
    this.#run = run;
    this.#what = what;
  }

  /** Until the run ends, or `isOver` says so, which is asked every second or sooner. Returns it as it is then. */
  async follow(isOver: () => Promise<boolean> = async () => false): Promise<RunRow> {
    const store = await this.#session.store();
    const { queries } = store;
    const { terminal } = this.#session;
    const { id, versionId } = this.#run;
    const narrator = new Narrator(queries);
    const names = new TaskNames(store, { id }, (await queries.version(versionId))!);
    let run: RunRow | null = null;
    await lookUntil(this.#session, async () => {
      // The run first: what happened before it ended is among the events read after it.
      run = await queries.run(id);
      const news = this.#what === 'events and logs' ? await this.#logs(store, names) : [];
      for (;;) {
        const events = await queries.events({ run: id, after: this.#told });
        if (events.length === 0) break;
        this.#told = events.at(-1)!.id;
        for (const event of await narrator.tell(events)) {
          const text = eventLine(terminal, event);
          if (text !== undefined) news.push({ at: event.at, text });
        }
      }
      // Logs and events are written apart: what is new of both is told in the order of its times.
      for (const { text } of news.sort((a, b) => a.at - b.at)) terminal.say(text);
      if (!run || isRunFinished(run.state)) return true;
      terminal.progress(`${run.state}: ${run.counters.unfinished} task instances to go`);
      return isOver();
    });
    return run!;
  }

  async #logs({ queries }: Store, names: TaskNames): Promise<News[]> {
    const { terminal } = this.#session;
    const news: News[] = [];
    for (;;) {
      const chunks = await queries.logs({ run: this.#run.id, after: this.#toldLog });
      if (chunks.length === 0) return news;
      this.#toldLog = chunks.at(-1)!.id;
      for (const chunk of chunks) {
        const who = { name: await names.ofInstance(chunk), attempt: chunk.attempt };
        for (const line of chunkLines(chunk)) news.push({ at: line.at, text: logText(terminal, who, line) });
      }
    }
  }
}

/** One line about an event; nothing for what is no news. */
export function tellEvent(terminal: Terminal, event: RunEvent): void {
  const line = eventLine(terminal, event);
  if (line !== undefined) terminal.say(line);
}

/** `lead` comes after the time: the workflow, where several are told of. */
export function eventLine(terminal: Terminal, event: RunEvent, lead = ''): string | undefined {
  const { colours } = terminal;
  const took = event.duration === undefined ? '' : formatDuration(event.duration);
  const reason = event.reason ?? '';
  if (event.kind === 'run') {
    if (event.state === 'queued') return undefined;
    return line([
      colours.dim(clockTime(event.at)),
      lead,
      'run',
      event.runId,
      terminal.state(event.state),
      took,
      reason,
    ]);
  }
  if (QUIET.has(event.state)) return undefined;
  const name = event.mapIndex < 0 ? event.task : `${event.task}[${event.mapIndex}]`;
  const attempt =
    event.attempt > 1 || event.state === 'up_for_retry' ? `attempt ${event.attempt} of ${event.maxAttempts}` : '';
  return line([
    colours.dim(clockTime(event.at)),
    lead,
    name.padEnd(24),
    terminal.state(event.state),
    attempt,
    took,
    reason,
  ]);
}

const QUIET = new Set(['none', 'queued', 'scheduled']);

const line = (parts: readonly string[]) => parts.filter((part) => part !== '').join('  ');
