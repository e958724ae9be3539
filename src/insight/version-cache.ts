import { MillraceError } from '../model/errors.ts';
import type { VersionRow } from '../store/rows.ts';
import type { Queries } from '../store/store.ts';

/** As many versions are remembered: each is a graph of up to some thousand tasks. */
const REMEMBERED = 200;

/** A version of an id never changes: each is read and parsed once. */
export class VersionCache {
  readonly #versions = new Map<number, Promise<VersionRow | null>>();

  async get(queries: Queries, id: number): Promise<VersionRow> {
    let version = this.#versions.get(id);
    if (!version) {
      version = queries.version(id);
      if (this.#versions.size >= REMEMBERED) this.#versions.delete(this.#versions.keys().next().value!);
      this.#versions.set(id, version);
      version.catch(() => this.#versions.delete(id));
    }
    const found = await version;
    if (found) return found;
    // One that no run has used goes when its file is published anew.
    this.#versions.delete(id);
    throw new MillraceError('conflict', 'the workflow has just been published anew', { fix: 'Ask again.' });
  }
}
