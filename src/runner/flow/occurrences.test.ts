import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JournalEntry } from '../../executor/executor.ts';
import { Journal } from './journal.ts';
import { Occurrences } from './occurrences.ts';

function entry(index: number, inputHash: string | null): JournalEntry {
  return { task: 1, index, name: 'f', state: 'success', attempt: 1, inputHash, output: null, error: null };
}

/** What the runner does for a call, once its input is known. */
function find(occurrences: Occurrences, call: { name: string; order: number }, hash: string | null): number {
  const claimed = occurrences.claim(call, hash) ?? occurrences.claimByOrder(call);
  return claimed?.index ?? occurrences.fresh(call);
}

function journalOf(entries: readonly JournalEntry[]): Journal {
  const journal = new Journal();
  for (const one of entries) journal.note(one);
  return journal;
}

describe('occurrences', () => {
  it('of a name that the run has not met are numbered in order', () => {
    const occurrences = new Occurrences(new Journal());
    const calls = [occurrences.next('f'), occurrences.next('f'), occurrences.next('g')];
    expect(calls.map((call) => occurrences.isKnown(call.name))).toEqual([false, false, false]);
    expect(calls.map((call) => occurrences.fresh(call))).toEqual([0, 1, 0]);
  });

  it('are found by what they were given, in whatever order they come', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 0, max: 50 }), { minLength: 1 }).chain((hashes) =>
          fc.record({
            hashes: fc.constant(hashes),
            order: fc.shuffledSubarray(hashes, { minLength: hashes.length, maxLength: hashes.length }),
          }),
        ),
        ({ hashes, order }) => {
          const occurrences = new Occurrences(journalOf(hashes.map((hash, index) => entry(index, String(hash)))));
          for (const hash of order) {
            expect(find(occurrences, occurrences.next('f'), String(hash))).toBe(hashes.indexOf(hash));
          }
        },
      ),
    );
  });

  it('that were given the same go by their order, and no recorded call answers twice', () => {
    const occurrences = new Occurrences(journalOf([entry(0, 'x'), entry(1, 'x'), entry(2, null)]));
    const calls = [0, 1, 2, 3].map(() => occurrences.next('f'));
    expect(calls.map((call) => find(occurrences, call, 'x'))).toEqual([0, 1, 2, 3]);
  });

  it('that are new never take the number of a recorded one', () => {
    const occurrences = new Occurrences(journalOf([entry(1, 'b'), entry(2, 'c')]));
    const [first, second, third] = [occurrences.next('f'), occurrences.next('f'), occurrences.next('f')];
    expect(find(occurrences, second, 'c')).toBe(2);
    expect(find(occurrences, third, 'b')).toBe(1);
    expect(find(occurrences, first, 'a')).toBe(0);
    expect(find(occurrences, occurrences.next('f'), 'd')).toBe(3);
  });
});
