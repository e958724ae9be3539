import type { Report } from '../executor/executor.ts';
import { takeReports } from './reports.ts';
import type { EngineTransaction } from './transaction.ts';

/** Runs looked through in one transaction. */
const PAGE = 20;

export interface DeadServer {
  readonly id: number;
  readonly name: string;
}

/**
 * Servers that will not come back: their lease is over, or, where only one server can be on a store, any but this one.
 * The store's lock on a SQLite file proves the latter.
 */
export async function deadServers(
  e: EngineTransaction,
  own: number,
  only: 'this server' | 'leases',
): Promise<DeadServer[]> {
  const servers = await e.tx.servers.list();
  return servers.filter(({ id, leaseUntil }) => id !== own && (only === 'this server' || leaseUntil < e.at));
}

/**
 * Makes sure that a dead server stays dead: should it wake up, it claims nothing under this name any more, or what it
 * claims behind the reaper's back would be left to nobody once its row is gone. False when it is alive after all.
 */
export function giveUp(e: EngineTransaction, server: DeadServer, only: 'this server' | 'leases'): Promise<boolean> {
  return e.tx.servers.giveUp(server.id, only === 'this server' ? Number.MAX_SAFE_INTEGER : e.at);
}

/**
 * Ends what a dead server's workers were running as lost, for one page of runs. Returns where the next page begins, or
 * null when there is none left: then the server's row is taken away. Whatever its workers may still say is ignored,
 * since their tokens are no longer the instances' own.
 */
export async function reap(
  e: EngineTransaction,
  server: DeadServer,
  page: { readonly after: number; readonly maxLost: number },
): Promise<number | null> {
  const runs = await e.tx.runs.running(page.after, PAGE);
  const locked = await e.lockRuns(runs);
  const reports: Report[] = [];
  for (const run of locked) {
    for (const row of await e.tx.instances.runningOn(run.id, server.id)) {
      if (row.token === null) continue;
      reports.push({
        token: row.token,
        outcome: { kind: 'lost', reason: 'server_lost', detail: `its server ${server.name} ended without a report` },
        startedAt: row.startedAt ?? e.at,
        endedAt: e.at,
        worker: row.worker ?? server.name,
      });
    }
  }
  if (reports.length > 0) {
    await takeReports(reports, e, page);
    e.ledger.event('server.reaped', { data: JSON.stringify({ server: server.name, attempts: reports.length }) });
  }
  if (runs.length === PAGE) return runs.at(-1)!;
  await e.tx.servers.remove(server.id);
  return null;
}
