import { sleep } from '../model/clock.ts';
import { formatDuration } from '../model/duration.ts';
import { isRunFinished } from '../model/states.ts';
import type { RunRow } from '../store/rows.ts';
import { Narrator, type RunEvent } from './server/run-event.ts';
import type { Session } from './session.ts';
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
export async function followRun(session: Session, { id }: Pick<RunRow, 'id'>): Promise<RunRow> {
  const { queries } = await session.store();
  const { terminal } = session;
  const narrator = new Narrator(queries);
  let after = 0;
  let run: RunRow | null = null;
  await lookUntil(session, async () => {
    // The run first: what happened before it ended is among the events read after it.
    run = await queries.run(id);
    for (;;) {
      const events = await queries.events({ run: id, after });
      if (events.length === 0) break;
      after = events.at(-1)!.id;
      for (const event of await narrator.tell(events)) tellEvent(terminal, event);
    }
    if (!run || isRunFinished(run.state)) return true;
    terminal.progress(`${run.state}: ${run.counters.unfinished} task instances to go`);
    return false;
  });
  return run!;
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
