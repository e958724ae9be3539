/** Hands what is pushed to one reader, in order; nothing is lost between two reads. */
export class EventStream<T> {
  #waiting: T[] = [];
  /** How many of them the reader has: to take the first of a long list away would move all others. */
  #read = 0;
  #wake: () => void = () => {};
  #ended = false;

  push(items: readonly T[]): void {
    if (items.length === 0) return;
    for (const item of items) this.#waiting.push(item);
    this.#wake();
  }

  /** Nothing follows: a reader gets what is left. */
  end(): void {
    this.#ended = true;
    this.#wake();
  }

  /** The next items as they come, until the signal aborts. */
  async *read(signal: AbortSignal): AsyncGenerator<T> {
    const stop = () => this.#wake();
    signal.addEventListener('abort', stop);
    try {
      while (!signal.aborted) {
        if (this.#read < this.#waiting.length) {
          yield this.#waiting[this.#read++]!;
          continue;
        }
        this.#waiting = [];
        this.#read = 0;
        if (this.#ended) return;
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }
}
