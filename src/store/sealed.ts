import type { SealedRow } from './rows.ts';

/** Connections, variables or secrets, by name. */
export interface Sealed {
  get(name: string): Promise<SealedRow | null>;
  put(row: SealedRow): Promise<void>;
  remove(name: string): Promise<boolean>;
  list(): Promise<readonly SealedRow[]>;
}
