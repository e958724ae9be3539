import { describe, expect, it } from 'vitest';
import { BROKEN_STORES } from './broken-store.ts';
import { simulate } from './simulation.ts';
import type { Sabotage } from './world.ts';

/** Each broken store is caught by one of the first so many seeds. */
const WITHIN = 60;

async function firstCatch(sabotage: Sabotage): Promise<{ seed: number; rule: string } | null> {
  for (let seed = 1; seed <= WITHIN; seed++) {
    const { violation } = await simulate({ seed, sabotage });
    if (violation) return { seed, rule: violation.rule };
  }
  return null;
}

describe(`a broken store is caught within ${WITHIN} seeds`, () => {
  for (const [name, sabotage] of Object.entries(BROKEN_STORES)) {
    it(name, { timeout: 120_000 }, async () => {
      expect(await firstCatch(sabotage)).not.toBeNull();
    });
  }
});
