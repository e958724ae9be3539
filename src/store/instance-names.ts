import type { InstanceKey } from './rows.ts';

export interface InstanceName extends InstanceKey {
  readonly name: string;
}

/** What mapped instances are called, by what they work on. */
export interface InstanceNames {
  /** The latest name of an instance counts. */
  put(names: readonly InstanceName[]): Promise<void>;
}
