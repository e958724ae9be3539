import { readFileSync, renameSync, writeFileSync } from 'node:fs';

/** What the scoring service has done; `GET /stats` answers with it. */
export interface ScoringStats {
  readonly requests: number;
  readonly scored: number;
  readonly unauthorized: number;
  readonly unavailable: number;
  readonly slow: number;
}

const NOTHING: ScoringStats = { requests: 0, scored: 0, unauthorized: 0, unavailable: 0, slow: 0 };

/** Counts, in a file where one is given: then the counts outlive the service, however it ends. */
export class StatsCounter {
  readonly #file: string | undefined;
  #stats: ScoringStats;

  constructor(file: string | undefined) {
    this.#file = file;
    this.#stats = file === undefined ? NOTHING : readStats(file);
  }

  get stats(): ScoringStats {
    return this.#stats;
  }

  add(name: keyof ScoringStats, count = 1): void {
    this.#stats = { ...this.#stats, [name]: this.#stats[name] + count };
    if (this.#file === undefined) return;
    writeFileSync(`${this.#file}.new`, JSON.stringify(this.#stats));
    renameSync(`${this.#file}.new`, this.#file);
  }
}

/** The counts that a service has left in a file; nothing where there is none. */
export function readStats(file: string): ScoringStats {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ScoringStats;
  } catch {
    return NOTHING;
  }
}
