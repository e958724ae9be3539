/** The last lines of a stream that comes in pieces. */
export class LineTail {
  readonly #keep: number;
  readonly #lines: string[] = [];
  #partial = '';

  constructor(keep: number) {
    this.#keep = keep;
  }

  /** Returns the lines that the piece completes. */
  add(piece: string): string[] {
    const lines = (this.#partial + piece).split('\n');
    this.#partial = lines.pop() ?? '';
    this.#lines.push(...lines.filter((line) => line.trim() !== ''));
    this.#lines.splice(0, this.#lines.length - this.#keep);
    return lines;
  }

  lines(): string[] {
    return this.#partial.trim() === '' ? [...this.#lines] : [...this.#lines, this.#partial];
  }
}
