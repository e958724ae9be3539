import { type Clock, sleep } from '../model/clock.ts';

/**
 * A loop that works when there is something to do and otherwise sleeps until it is woken or a time has come. The only
 * kind of loop in the engine. Starting twice, stopping twice and stopping before starting are all harmless; stop()
 * resolves when the round that was under way is over.
 */
export class Loop {
  readonly #clock: Clock;
  readonly #round: (signal: AbortSignal) => Promise<number | null>;
  readonly #onError: (error: unknown) => void;
  #abort: AbortController | null = null;
  #running: Promise<void> = Promise.resolve();
  #wake: () => void = () => {};
  #woken = false;

  /**
   * @param round does one round and says in how many milliseconds the next one is due: 0 at once, null when woken.
   * @param onError hears of a round that threw; the loop goes on after a second.
   */
  constructor(clock: Clock, round: (signal: AbortSignal) => Promise<number | null>, onError: (error: unknown) => void) {
    this.#clock = clock;
    this.#round = round;
    this.#onError = onError;
  }

  start(): void {
    if (this.#abort) return;
    this.#abort = new AbortController();
    this.#running = this.#run(this.#abort.signal);
  }

  /** Makes the next round come now, or right after the one under way. */
  wake(): void {
    this.#woken = true;
    this.#wake();
  }

  async stop(): Promise<void> {
    this.#abort?.abort();
    this.#wake();
    await this.#running;
    this.#abort = null;
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.#woken = false;
      let pause: number | null;
      try {
        pause = await this.#round(signal);
      } catch (error) {
        this.#onError(error);
        pause = 1000;
      }
      if (pause !== 0 && !this.#woken && !signal.aborted) await this.#pause(pause, signal);
    }
  }

  async #pause(ms: number | null, signal: AbortSignal): Promise<void> {
    const woken = new AbortController();
    const wait = new Promise<void>((resolve) => {
      this.#wake = () => {
        // With a reason of its own: the default one is an error with a stack, made anew at every wake.
        woken.abort('woken');
        resolve();
      };
    });
    await (ms === null ? wait : Promise.race([wait, sleep(this.#clock, ms, AbortSignal.any([signal, woken.signal]))]));
    this.#wake = () => {};
  }
}
