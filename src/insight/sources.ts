import type { Clock } from '../model/clock.ts';
import type { Store } from '../store/store.ts';

/** What answers are made from. */
export interface Sources {
  readonly store: Pick<Store, 'queries' | 'readings'>;
  readonly clock: Pick<Clock, 'now'>;
}
