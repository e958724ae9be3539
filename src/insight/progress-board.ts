import type { NewEvent } from '../store/rows.ts';

/** How much of something is done: of so many, where that is known. */
export interface Progress {
  readonly done: number;
  readonly total: number | null;
}

/** Attempts that are remembered: what is forgotten is said again with the next report. */
const REMEMBERED = 10_000;

/**
 * What bodies that run on this server's workers last said of their progress. It is in no database: it is worth something
 * as long as the body runs, and the last word of it stands in the log.
 */
export class ProgressBoard {
  readonly #said = new Map<string, Progress>();

  /** Takes what concerns it from the engine's events. */
  note(events: readonly NewEvent[]): void {
    for (const event of events) {
      if (event.kind !== 'instance.progress' || event.data === null) continue;
      const key = keyOf(event);
      // The oldest goes first: who goes on speaking is never among them.
      this.#said.delete(key);
      if (this.#said.size >= REMEMBERED) this.#said.delete(this.#said.keys().next().value!);
      this.#said.set(key, JSON.parse(event.data) as Progress);
    }
  }

  of(attempt: AttemptName): Progress | null {
    return this.#said.get(keyOf(attempt)) ?? null;
  }
}

type AttemptName = Pick<NewEvent, 'run' | 'task' | 'index' | 'attempt'>;

const keyOf = ({ run, task, index, attempt }: AttemptName) => `${run}.${task}.${index}.${attempt}`;
