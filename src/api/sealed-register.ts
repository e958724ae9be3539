import { MillraceError } from '../model/errors.ts';
import type { SealedRow } from '../store/rows.ts';
import { checkName, parseSummary, registerOf, type Summary } from '../vault/entry.ts';
import type { Owner } from '../vault/vault.ts';
import type { ApiParts } from './route.ts';

type Kind = 'connection' | 'variable';

export interface OpenEntry {
  readonly name: string;
  readonly text: string;
  readonly summary: Summary;
}

/** Variables or connections of the store, opened and sealed. */
export class SealedRegister {
  readonly #parts: Pick<ApiParts, 'store' | 'vault' | 'clock'>;
  readonly #kind: Kind;

  constructor(parts: Pick<ApiParts, 'store' | 'vault' | 'clock'>, kind: Kind) {
    this.#parts = parts;
    this.#kind = kind;
  }

  /** By name. */
  async list(): Promise<readonly SealedRow[]> {
    return this.#parts.store.transaction((tx) => registerOf(tx, this.#kind).list());
  }

  async find(name: string): Promise<OpenEntry | null> {
    const row = await this.#parts.store.transaction((tx) => registerOf(tx, this.#kind).get(name));
    return row && this.open(row);
  }

  /** Throws `not_found`. */
  async named(name: string): Promise<OpenEntry> {
    const entry = await this.find(name);
    if (entry) return entry;
    throw new MillraceError('not_found', `The ${this.#kind} with key: \`${name}\` was not found`);
  }

  async open({ name, sealed, summary }: SealedRow): Promise<OpenEntry> {
    return { name, text: await this.#parts.vault.open(this.#owner(name), sealed), summary: parseSummary(summary) };
  }

  /** Throws `invalid_id` for a name that cannot be one. */
  async put({ name, text, summary }: OpenEntry): Promise<void> {
    const owner = this.#owner(name);
    checkName(owner);
    const sealed = await this.#parts.vault.seal(owner, text);
    const row = { name, sealed, summary: JSON.stringify(summary), updatedAt: this.#parts.clock.now() };
    await this.#parts.store.transaction((tx) => registerOf(tx, this.#kind).put(row));
  }

  async remove(name: string): Promise<boolean> {
    return this.#parts.store.transaction((tx) => registerOf(tx, this.#kind).remove(name));
  }

  #owner(name: string): Owner {
    return { kind: this.#kind, name };
  }
}
