/** Entries kept for the history that a violation prints; what is older only lives on in the digest. */
const KEPT = 4000;

/**
 * Everything that happened in one simulation, in order. The digest stands for all of it: two runs of one seed are the
 * same to the letter exactly when their digests are.
 */
export class Trace {
  readonly #entries: string[] = [];
  #digest = 0xcbf29ce484222325n;
  #low = 0x811c9dc5;
  #high = 0x01000193;
  #count = 0;

  note(time: number, who: string, what: string): void {
    const entry = `${time} ${who} ${what}`;
    for (let at = 0; at < entry.length; at++) {
      this.#low = Math.imul(this.#low ^ entry.charCodeAt(at), 0x01000193);
      this.#high = Math.imul(this.#high + this.#low, 0x85ebca6b) ^ (this.#high >>> 11);
    }
    this.#count += 1;
    this.#entries.push(entry);
    if (this.#entries.length > 2 * KEPT) this.#entries.splice(0, KEPT);
  }

  get digest(): string {
    this.#digest = (BigInt(this.#low >>> 0) << 32n) | BigInt(this.#high >>> 0);
    return `${this.#count}-${this.#digest.toString(16)}`;
  }

  last(count: number): readonly string[] {
    return this.#entries.slice(-count);
  }
}
