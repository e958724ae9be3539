/** Hands what is pushed to one reader, in order; nothing is lost between two reads. */
export class EventStream<T> {
  readonly #waiting: T[] = [];
  #wake: () => void = () => {};
  #ended = false;

  push(items: readonly T[]): void {
    this.#waiting.push(...items);
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
        const next = this.#waiting.shift();
        if (next !== undefined) yield next;
        else if (this.#ended) return;
        else await new Promise<void>((resolve) => (this.#wake = resolve));
      }
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }
}
