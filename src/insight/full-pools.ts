import { limitKeys } from '../engine/limits.ts';
import type { LimitRow, ListedWorkflow, PoolRow } from '../store/rows.ts';
import { type Item, NOTHING } from './attention-item.ts';
import { iso } from './iso.ts';
import { many } from './many.ts';
import type { Sources } from './sources.ts';
import { about } from './usual.ts';

const HOLDERS = 100;

/** Pools without a free slot, or that nobody has made, for which something waits: since when, and who holds the most. */
export async function fullPools(sources: Sources, known: readonly ListedWorkflow[]): Promise<Item[]> {
  const { store } = sources;
  const [pools, limits] = await Promise.all([store.readings.pools(), store.readings.limits()]);
  const asked = limits.filter(({ key, parked }) => parked > 0 && key.startsWith(POOLS));
  const full = asked.flatMap((use) => {
    const pool = pools.find(({ name }) => limitKeys.pool(name) === use.key);
    return pool && (pool.slots < 0 || use.used < pool.slots) ? [] : [{ pool, use }];
  });
  return await Promise.all(full.map((each) => itemOf(sources, known, each)));
}

const POOLS = limitKeys.pool('');

interface Full {
  /** Undefined: there is none of the name. */
  readonly pool: PoolRow | undefined;
  readonly use: LimitRow;
}

async function itemOf({ store, clock }: Sources, known: readonly ListedWorkflow[], { pool, use }: Full): Promise<Item> {
  const now = clock.now();
  const name = use.key.slice(POOLS.length);
  const [longest, holders] = await Promise.all([
    store.readings.parkedLongest(use.key),
    store.readings.poolHolders(name, HOLDERS),
  ]);
  const since = longest?.since ?? now;
  const ids = [...holders.map(({ run }) => run), ...(longest ? [longest.run] : [])];
  const runs = new Map((await store.readings.runsOf([...new Set(ids)])).map((run) => [run.id, run]));
  const nameOf = (run: number | undefined) => known.find(({ id }) => id === runs.get(run ?? -1)?.workflowId)?.name;
  const slots = new Map<string | undefined, number>();
  for (const holder of holders) {
    const workflow = nameOf(holder.run);
    slots.set(workflow, (slots.get(workflow) ?? 0) + holder.slots);
  }
  const [most] = [...slots].sort(([, a], [, b]) => b - a);
  const minutes = Math.floor((now - since) / 60_000);
  return {
    ...NOTHING,
    kind: 'limit',
    // Of what waits longest: there it is said why, and what can be done.
    dag_id: nameOf(longest?.run) ?? null,
    dag_run_id: runs.get(longest?.run ?? -1)?.runId ?? null,
    subject: name,
    fact: pool ? `${use.used} of ${pool.slots} slots taken` : 'there is no such pool',
    detail: [
      `, ${use.parked === 1 ? '1 task instance waits' : `${use.parked} task instances wait`}`,
      minutes > 0 && `${use.parked === 1 ? ' for' : ', the oldest for'} ${about(minutes * 60)}`,
      '.',
      most?.[0] &&
        ` ${most[0]} holds ${most[1] === use.used ? (use.used === 1 ? 'it' : 'all of them') : many(most[1], 'slot')}.`,
    ]
      .filter(Boolean)
      .join(''),
    since: iso(since),
    remedies: pool ? ['why', 'see_holders'] : ['why'],
  };
}
