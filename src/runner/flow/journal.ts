import type { Answer, JournalEntry, RunnerQuestion } from '../../executor/executor.ts';

/** Calls that are fetched with one question. */
const PAGE = 1000;

/** The journal cannot be had: says nothing about the flow, which is to begin another time. */
export class JournalUnavailable extends Error {
  override readonly name = 'JournalUnavailable';
}

/**
 * What the run has met before, and the numbers of its names. A call asks once for its entry; what a child flow does
 * again after a failure asks for what it did in this attempt, which is noted for that.
 */
export class Journal {
  readonly #numbers = new Map<string, number>();
  readonly #entries = new Map<string, JournalEntry>();
  #last = 0;

  /** Fetches `recorded` calls, in pages. Throws JournalUnavailable. */
  static async fetch(recorded: number, ask: (question: RunnerQuestion) => Promise<Answer>): Promise<Journal> {
    const journal = new Journal();
    for (let offset = 0; offset < recorded; offset += PAGE) {
      const answer = await ask({ kind: 'journal', offset, limit: PAGE });
      if ('error' in answer) throw new JournalUnavailable(answer.error);
      if (!('journal' in answer)) throw new JournalUnavailable('the server answered with something else');
      for (const entry of answer.journal) journal.note(entry);
      if (answer.journal.length < PAGE) break;
    }
    return journal;
  }

  /** The number of a name: the one that the run knows, or the next. */
  numberOf(name: string): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    this.#numbers.set(name, ++this.#last);
    return this.#last;
  }

  entry(task: number, index: number): JournalEntry | undefined {
    return this.#entries.get(`${task}.${index}`);
  }

  note(entry: JournalEntry): void {
    this.#numbers.set(entry.name, entry.task);
    this.#last = Math.max(this.#last, entry.task);
    this.#entries.set(`${entry.task}.${entry.index}`, entry);
  }
}
