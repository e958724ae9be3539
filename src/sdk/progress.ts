/** Hears how far an attempt is: how many items are done, out of how many where that is known. Called for every item. */
export type ReportProgress = (done: number, total: number | null) => void;

/** The items, unchanged; each counts as done when the next one is asked for. */
export function withProgress<T>(
  items: Iterable<T> | AsyncIterable<T>,
  report: ReportProgress,
): AsyncIterable<T> & Iterable<T> {
  const total = countOf(items);
  return {
    *[Symbol.iterator]() {
      let done = 0;
      report(done, total);
      for (const item of items as Iterable<T>) {
        yield item;
        report(++done, total);
      }
    },
    async *[Symbol.asyncIterator]() {
      let done = 0;
      report(done, total);
      for await (const item of items) {
        yield item;
        report(++done, total);
      }
    },
  };
}

function countOf(items: object): number | null {
  const { length, size } = items as { length?: unknown; size?: unknown };
  if (typeof length === 'number') return length;
  return typeof size === 'number' ? size : null;
}
