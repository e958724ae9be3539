import { limitKeys } from '../engine/limits.ts';
import type { LimitRow, ListedWorkflow, PoolRow } from '../store/rows.ts';
import { type Item, NOTHING } from './attention-item.ts';
import { iso } from './iso.ts';
import { many } from './many.ts';
import type { Sources } from './sources.ts';
import { about } from './usual.ts';

const HOLDERS = 100;

/** Pools without a free slot for which something waits: since when, and who holds the most. */
export async function fullPools(sources: Sources, known: readonly ListedWorkflow[]): Promise<Item[]> {
  const { store } = sources;
  const [pools, limits] = await Promise.all([store.readings.pools(), store.readings.limits()]);
  const full = pools.flatMap((pool) => {
    const use = limits.find(({ key }) => key === limitKeys.pool(pool.name));
    return use && use.parked > 0 && pool.slots >= 0 && use.used >= pool.slots ? [{ pool, use }] : [];
  });
  return await Promise.all(full.map((each) => itemOf(sources, known, each)));
}

interface Full {
  readonly pool: PoolRow;
  readonly use: LimitRow;
}

async function itemOf({ store, clock }: Sources, known: readonly ListedWorkflow[], { pool, use }: Full): Promise<Item> {
  const now = clock.now();
  const [parkedSince, holders] = await Promise.all([
    store.readings.parkedSince(use.key),
    store.readings.poolHolders(pool.name, HOLDERS),
  ]);
  const since = parkedSince ?? now;
  const runs = await store.readings.runsOf([...new Set(holders.map(({ run }) => run))]);
  const workflowOf = new Map(runs.map(({ id, workflowId }) => [id, workflowId]));
  const slots = new Map<number | undefined, number>();
  for (const holder of holders) {
    const workflow = workflowOf.get(holder.run);
    slots.set(workflow, (slots.get(workflow) ?? 0) + holder.slots);
  }
  const [most] = [...slots].sort(([, a], [, b]) => b - a);
  const name = most && known.find(({ id }) => id === most[0])?.name;
  const minutes = Math.floor((now - since) / 60_000);
  return {
    ...NOTHING,
    kind: 'limit',
    subject: pool.name,
    fact: `${use.used} of ${pool.slots} slots taken`,
    detail: [
      `, ${use.parked === 1 ? '1 task instance waits' : `${use.parked} task instances wait`}`,
      minutes > 0 && `${use.parked === 1 ? ' for' : ', the oldest for'} ${about(minutes * 60)}`,
      '.',
      name &&
        ` ${name} holds ${most[1] === use.used ? (use.used === 1 ? 'it' : 'all of them') : many(most[1], 'slot')}.`,
    ]
      .filter(Boolean)
      .join(''),
    since: iso(since),
    remedies: ['see_holders'],
  };
}
