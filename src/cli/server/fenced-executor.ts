import { parseToken } from '../../engine/ids.ts';
import type { Executor, ExecutorEvents, Submission } from '../../executor/executor.ts';
import type { AttemptReason } from '../../model/states.ts';
import type { Store } from '../../store/store.ts';

/**
 * An executor that knows which attempts it holds, so that those which another process has ended (a run cancelled or
 * cleared by a command of the CLI, or by another server) can be told to stop. What this server's own engine ends, it
 * tells by itself.
 */
export class FencedExecutor implements Executor {
  readonly #inner: Executor;
  readonly #held = new Set<string>();

  constructor(inner: Executor) {
    this.#inner = inner;
  }

  get name(): string {
    return this.#inner.name;
  }

  start(events: ExecutorEvents): Promise<void> {
    return this.#inner.start({
      ...events,
      report: (reports) => {
        for (const { token } of reports) this.#held.delete(token);
        events.report(reports);
      },
    });
  }

  free(): number {
    return this.#inner.free();
  }

  submit(submission: Submission): void {
    for (const { token } of submission.orders) this.#held.add(token);
    this.#inner.submit(submission);
  }

  cancel(token: string, reason: AttemptReason): void {
    this.#inner.cancel(token, reason);
  }

  acknowledge(tokens: readonly string[]): void {
    this.#inner.acknowledge(tokens);
  }

  acknowledgeSteps(token: string, numbers: readonly number[]): void {
    this.#inner.acknowledgeSteps(token, numbers);
  }

  stop(graceMs: number): Promise<void> {
    return this.#inner.stop(graceMs);
  }

  /**
   * Stops what is no longer wanted: attempts whose instance does not run any more, or under another token. One that has
   * reported meanwhile is unknown to the executor, and nothing happens.
   */
  async stopUnwanted(store: Store): Promise<void> {
    if (this.#held.size === 0) return;
    const held = new Map([...this.#held].map((token) => [token, parseToken(token)]));
    const rows = await store.transaction((tx) => tx.instances.get([...held.values()]));
    const wanted = new Set(rows.filter(({ state }) => state === 'running').map(({ token }) => token));
    for (const token of held.keys()) {
      if (!wanted.has(token) && this.#held.has(token)) this.#inner.cancel(token, 'cancelled');
    }
  }
}
