/**
 * The only source of time in Millrace. Engine, workers and tests get one injected, so that a test or the simulator can
 * own time entirely. Nothing else calls Date.now() or setTimeout for scheduling purposes.
 */
export interface Clock {
  /** Wall clock, milliseconds since the epoch, UTC. */
  now(): number;
  /** Monotonic clock in milliseconds, for durations. */
  monotonic(): number;
  /** Calls back once `ms` from now; the returned function cancels. */
  after(ms: number, callback: () => void): () => void;
  /** Lets everything that is ready go first. */
  yield(): Promise<void>;
}

/** The longest delay that timers of the platform take; longer ones are split. */
const LONGEST_TIMEOUT = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, callback) {
    let remaining = Math.max(0, ms);
    let handle: ReturnType<typeof setTimeout>;
    const step = () => {
      const slice = Math.min(remaining, LONGEST_TIMEOUT);
      remaining -= slice;
      handle = setTimeout(() => (remaining > 0 ? step() : callback()), slice);
    };
    step();
    return () => clearTimeout(handle);
  },
  yield: () => new Promise((resolve) => setImmediate(resolve)),
};

/** Waits `ms` on the clock, or less when the signal aborts; never rejects. */
export function sleep(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      cancel();
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const cancel = clock.after(ms, done);
    signal?.addEventListener('abort', done, { once: true });
  });
}
