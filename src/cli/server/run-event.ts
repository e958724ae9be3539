import type { StepEventData } from '../../engine/flow-steps.ts';
import type { ErrorReport } from '../../executor/executor.ts';
import type { AttemptRow, NewEvent, RunRow, VersionRow } from '../../store/rows.ts';
import type { Queries } from '../../store/store.ts';

interface About {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly workflow: string;
  readonly runId: string;
}

/** What happened in a run, for people and programs that follow it. */
export type RunEvent =
  | (About & {
      readonly kind: 'task';
      readonly task: string;
      /** -1 where the task is not mapped; of a flow's calls of one name the second has 1. */
      readonly mapIndex: number;
      readonly state: string;
      /** From 1; 0 before the first. */
      readonly attempt: number;
      readonly maxAttempts: number;
      /** How long the attempt took, in milliseconds, once it has ended. */
      readonly duration?: number;
      /** Why the attempt, or the instance, ended as it did. */
      readonly reason?: string;
    })
  | (About & { readonly kind: 'run'; readonly state: string; readonly duration?: number; readonly reason?: string });

const ENDS_BADLY = new Set(['failed', 'up_for_retry']);

/**
 * Tells the engine's events in the words of run, task and attempt. It remembers when attempts began and what runs and
 * their versions are, so that it asks the store little; what it did not see it looks up.
 */
export class Narrator {
  readonly #queries: Queries;
  readonly #runs = new Map<number, { readonly run: RunRow; readonly version: VersionRow } | null>();
  readonly #began = new Map<string, number>();

  constructor(queries: Queries) {
    this.#queries = queries;
  }

  /** In the order of the events; those that are about no run or instance are left out. */
  async tell(events: readonly NewEvent[]): Promise<RunEvent[]> {
    const told: RunEvent[] = [];
    const attempts = new Map<number, readonly AttemptRow[]>();
    for (const event of events) {
      const [subject, state] = split(event.kind);
      if (event.run === null || !subject || !state) continue;
      const known = await this.#known(event.run);
      if (!known) continue;
      const about = { at: event.at, workflow: known.version.spec.id, runId: known.run.runId };
      if (subject === 'run') told.push(await this.#aboutRun(event, about, state));
      else if (event.task !== null) {
        if (ENDS_BADLY.has(state) && !attempts.has(event.run)) {
          attempts.set(event.run, await this.#queries.attempts(event.run));
        }
        told.push(
          this.#aboutTask(event, { about, state, version: known.version, attempts: attempts.get(event.run) ?? [] }),
        );
      }
    }
    return told;
  }

  async #aboutRun(event: NewEvent, about: About, state: string): Promise<RunEvent> {
    if (!RUN_ENDS.has(state)) return { kind: 'run', ...about, state };
    // The row that was remembered is from before the run ended.
    this.#runs.delete(event.run!);
    const run = await this.#queries.run(event.run!);
    const duration = run?.startedAt == null ? undefined : event.at - run.startedAt;
    const reason = reasonOf(event);
    return { kind: 'run', ...about, state, ...defined({ duration, reason }) };
  }

  #aboutTask(
    event: NewEvent,
    {
      about,
      state,
      version,
      attempts,
    }: {
      readonly about: About;
      readonly state: string;
      readonly version: VersionRow;
      readonly attempts: readonly AttemptRow[];
    },
  ): RunEvent {
    const task = version.spec.tasks[event.task!];
    const key = `${event.run}.${event.task}.${event.index}`;
    const attempt = event.attempt ?? 0;
    const began = this.#began.get(key);
    if (state === 'running') this.#began.set(key, event.at);
    else this.#began.delete(key);
    const ended = attempts.find(
      (row) => row.task === event.task && row.index === event.index && row.attempt === attempt,
    );
    const duration = ended
      ? ended.endedAt - ended.startedAt
      : state === 'running' || began === undefined
        ? undefined
        : event.at - began;
    const reason = ended ? failureOf(ended) : reasonOf(event);
    const call = task ? undefined : dataOf(event);
    return {
      kind: 'task',
      ...about,
      task: task?.id ?? call?.name ?? `task ${event.task}`,
      // The first call of its name needs no number.
      mapIndex: task || event.index !== 0 ? (event.index ?? -1) : -1,
      state,
      attempt,
      maxAttempts: Math.max(attempt, call?.maxAttempts ?? (task?.retries ?? 0) + 1),
      ...defined({ duration, reason }),
    };
  }

  async #known(id: number): Promise<{ readonly run: RunRow; readonly version: VersionRow } | null> {
    const known = this.#runs.get(id);
    if (known !== undefined) return known;
    const run = await this.#queries.run(id);
    const version = run && (await this.#queries.version(run.versionId));
    const found = run && version ? { run, version } : null;
    this.#runs.set(id, found);
    return found;
  }
}

const RUN_ENDS = new Set(['success', 'failed', 'cancelled']);

/** `instance.running` is about an instance that is now running. */
function split(kind: string): readonly [subject: 'run' | 'instance' | undefined, state: string | undefined] {
  const [subject, state] = kind.split('.');
  if (subject === 'instance' && state !== 'progress') return [subject, state];
  return subject === 'run' && state !== 'deadline_missed' ? [subject, state] : [undefined, undefined];
}

/** Why an attempt failed, in one line. */
export function failureOf({ error, reason }: AttemptRow): string | undefined {
  if (error === null) return reason ?? undefined;
  const { name, message } = JSON.parse(error) as ErrorReport;
  const [line = ''] = message.split('\n');
  return reason === 'error' || reason === null ? `${name}: ${line}` : `${reason}: ${line}`;
}

function reasonOf(event: NewEvent): string | undefined {
  const { reason } = dataOf(event);
  return typeof reason === 'string' ? reason : undefined;
}

function dataOf({ data }: NewEvent): { readonly reason?: unknown } & Partial<Omit<StepEventData, 'reason'>> {
  return data === null ? {} : JSON.parse(data);
}

function defined<T extends Record<string, unknown>>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}
