import type { Session } from './session.ts';

/** A server that runs on the session's store, as far as can be told. */
export interface OtherServer {
  readonly name: string;
  readonly pid: number | null;
}

/** The servers on the store: of SQLite, who holds its lock; of PostgreSQL, who holds a lease. */
export async function otherServers(session: Session): Promise<readonly OtherServer[]> {
  const { location, clock } = session;
  if (location.kind === 'sqlite') {
    const { databaseLockHolder } = await import('../store/sqlite/lock.ts');
    const holder = databaseLockHolder(location.path);
    if (!holder) return [];
    return [holder.pid === null ? { name: 'another server', pid: null } : { name: holder.name, pid: holder.pid }];
  }
  const store = await session.store();
  const rows = await store.transaction((tx) => tx.servers.list());
  return rows.filter(({ leaseUntil }) => leaseUntil > clock.now()).map(({ name }) => ({ name, pid: null }));
}
