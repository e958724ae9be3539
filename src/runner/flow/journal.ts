import type { Answer, JournalEntry, RunnerQuestion } from '../../executor/executor.ts';

/** Calls that are fetched with one question. */
const PAGE = 1000;

/** The journal cannot be had: says nothing about the flow, which is to begin another time. */
export class JournalUnavailable extends Error {
  override readonly name = 'JournalUnavailable';
}

const NONE: ReadonlyMap<number, JournalEntry> = new Map();

/** What the run has met before, by name and occurrence, and the numbers of its names. */
export class Journal {
  readonly #numbers = new Map<string, number>();
  readonly #entries = new Map<string, Map<number, JournalEntry>>();
  readonly #given = new Map<string, number[]>();
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

  entries(name: string): ReadonlyMap<number, JournalEntry> {
    return this.#entries.get(name) ?? NONE;
  }

  /** Occurrences of a name that may have been given what has this hash. */
  given(name: string, inputHash: string | null): readonly number[] {
    return this.#given.get(`${inputHash} ${name}`) ?? [];
  }

  note(entry: JournalEntry): void {
    this.#numbers.set(entry.name, entry.task);
    this.#last = Math.max(this.#last, entry.task);
    const entries = this.#entries.get(entry.name);
    if (entries) entries.set(entry.index, entry);
    else this.#entries.set(entry.name, new Map([[entry.index, entry]]));
    const given = this.#given.get(`${entry.inputHash} ${entry.name}`);
    if (!given) this.#given.set(`${entry.inputHash} ${entry.name}`, [entry.index]);
    else if (!given.includes(entry.index)) given.push(entry.index);
  }
}
