import type { StepReport } from '../../executor/executor.ts';

/**
 * The reports of one attempt's steps: numbered, sent in order, and waited for until they are durable. When the attempt
 * is told to stop nobody waits any longer: the server may not answer any more.
 */
export class StepReports {
  readonly #send: (report: StepReport) => void;
  readonly #waiting = new Map<number, PromiseWithResolvers<void>>();
  #last = 0;
  #stopped: { readonly error: unknown } | undefined;

  constructor(send: (report: StepReport) => void) {
    this.#send = send;
  }

  /** Sends a report whose durability nobody waits for. */
  tell(report: Omit<StepReport, 'number'>): void {
    this.#send({ ...report, number: ++this.#last });
  }

  /** Sends a report and resolves when it is durable; rejects when the attempt is told to stop before. */
  async record(report: Omit<StepReport, 'number'>): Promise<void> {
    this.tell(report);
    if (this.#stopped) throw this.#stopped.error;
    const waiter = Promise.withResolvers<void>();
    this.#waiting.set(this.#last, waiter);
    await waiter.promise;
  }

  acknowledge(numbers: readonly number[]): void {
    for (const number of numbers) {
      this.#waiting.get(number)?.resolve();
      this.#waiting.delete(number);
    }
  }

  stop(error: unknown): void {
    this.#stopped = { error };
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
