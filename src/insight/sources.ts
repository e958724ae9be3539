import type { Clock } from '../model/clock.ts';
import type { Store } from '../store/store.ts';
import type { ProgressBoard } from './progress-board.ts';

/** What answers are made from. */
export interface Sources {
  readonly store: Pick<Store, 'queries' | 'readings'>;
  readonly clock: Pick<Clock, 'now'>;
  /** What running bodies say of their progress. Undefined: nobody hears them. */
  readonly progress?: Pick<ProgressBoard, 'of'> | undefined;
}
