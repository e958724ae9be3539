import { describe } from 'vitest';
import { accessConformance } from './access.ts';
import { backfillConformance } from './backfills.ts';
import { claimConformance } from './claims.ts';
import { instanceConformance } from './instances.ts';
import { journalConformance } from './journal.ts';
import { limitConformance } from './limits.ts';
import { listConformance } from './lists.ts';
import { migrationConformance } from './migrations.ts';
import type { Open } from './open-store.ts';
import { outputConformance } from './outputs.ts';
import { queryConformance } from './queries.ts';
import { readingConformance } from './readings.ts';
import { registerConformance } from './registers.ts';
import { runConformance } from './runs.ts';
import { stepConformance } from './steps.ts';
import { transactionConformance } from './transactions.ts';
import { watchConformance } from './watch.ts';
import { workflowConformance } from './workflows.ts';

/** What every store does, verb by verb. Defines vitest tests; each opens an empty database of its own. */
export function storeConformance(name: string, open: Open): void {
  describe(name, () => {
    describe('migrations', () => migrationConformance(open));
    describe('transactions', () => transactionConformance(open));
    describe('watch', () => watchConformance(open));
    describe('workflows', () => workflowConformance(open));
    describe('runs', () => runConformance(open));
    describe('backfills', () => backfillConformance(open));
    describe('instances', () => instanceConformance(open));
    describe('claims', () => claimConformance(open));
    describe('limits', () => limitConformance(open));
    describe('outputs', () => outputConformance(open));
    describe('journal', () => journalConformance(open));
    describe('steps', () => stepConformance(open));
    describe('registers', () => registerConformance(open));
    describe('access', () => accessConformance(open));
    describe('lists', () => listConformance(open));
    describe('queries', () => queryConformance(open));
    describe('readings', () => readingConformance(open));
  });
}
