import type { InstanceKey } from './rows.ts';

/** What people write about instances. */
export interface Notes {
  /** Null takes it away. */
  put(instance: InstanceKey, note: string | null): Promise<void>;
}
