import type { Tx } from '../../store/store.ts';
import type { Sabotage } from './world.ts';

/** Replaces some verbs of a transaction. */
type Changes = { readonly [A in keyof Tx]?: Partial<Tx[A]> };

function withVerbs(tx: Tx, changes: Changes): Tx {
  const replaced = Object.entries(changes).map(([aggregate, verbs]) => [
    aggregate,
    { ...tx[aggregate as keyof Tx], ...verbs },
  ]);
  return { ...tx, ...Object.fromEntries(replaced) } as Tx;
}

/**
 * Stores that are broken on purpose, each in one way in which a store or an engine could be. The simulation has to
 * catch every one of them: a check that nothing can fail shows nothing.
 */
export const BROKEN_STORES: Readonly<Record<string, Sabotage>> = {
  'the token is no fence: any report of a running instance is taken': (tx, database) =>
    withVerbs(tx, {
      instances: {
        async finish(moves) {
          const current = database.prepare(
            'SELECT token FROM task_instance WHERE run_id = ? AND task = ? AND map_index = ? AND token IS NOT NULL',
          );
          const ended = await tx.instances.finish(
            moves.map((move) => ({
              ...move,
              token: (current.get(move.run, move.task, move.index)?.token as string | undefined) ?? move.token,
            })),
          );
          // To whoever reported it looks as if it had been his own attempt.
          return ended.map((row) => {
            const { token } = moves.find(
              ({ run, task, index }) => run === row.run && task === row.task && index === row.index,
            )!;
            return { ...row, attempt: Number(token.split('.')[3]) };
          });
        },
      },
    }),
  'upstream counters are counted twice': (tx) =>
    withVerbs(tx, {
      instances: {
        async count(deltas) {
          await tx.instances.count(deltas);
          return tx.instances.count(deltas);
        },
      },
    }),
  'a slot is not given back': (tx) =>
    withVerbs(tx, {
      limits: {
        adjust: (deltas) =>
          tx.limits.adjust(
            deltas.map((delta) => (delta.key.startsWith('pool:') && delta.used < 0 ? { ...delta, used: 0 } : delta)),
          ),
      },
    }),
  'the number of parked instances is not kept': (tx) =>
    withVerbs(tx, {
      limits: { adjust: (deltas) => tx.limits.adjust(deltas.map((delta) => ({ ...delta, parked: 0 }))) },
    }),
  'what is parked is never let go': (tx) => withVerbs(tx, { instances: { unpark: async () => 0 } }),
  'limits read as unused': (tx) =>
    withVerbs(tx, {
      limits: { read: async (keys) => (await tx.limits.read(keys)).map((row) => ({ ...row, used: 0 })) },
    }),
  'claims have no guard: running instances are claimed again': (tx, database) =>
    withVerbs(tx, {
      instances: {
        async claimable(limit) {
          const rows = await tx.instances.claimable(limit);
          const more = database
            .prepare(`SELECT run_id, task, map_index FROM task_instance WHERE state = 'running' LIMIT 1`)
            .get();
          if (!more || rows.length >= limit) return rows;
          const key = { run: more.run_id as number, task: more.task as number, index: more.map_index as number };
          const [row] = await tx.instances.get([key]);
          return row ? [...rows, row] : rows;
        },
        async claim(moves) {
          const claim = database.prepare(
            `UPDATE task_instance SET state = 'running', token = ?, server = ? WHERE run_id = ? AND task = ? AND map_index = ?`,
          );
          for (const { token, server, run, task, index } of moves) claim.run(token, server, run, task, index);
          return moves;
        },
      },
    }),
  'a claim is lost after it was sent': (tx) =>
    withVerbs(tx, {
      instances: { claim: async (moves) => moves.map(({ run, task, index }) => ({ run, task, index })) },
    }),
  'retry timers are lost': (tx) =>
    withVerbs(tx, { timers: { add: (rows) => tx.timers.add(rows.filter(({ kind }) => kind !== 'retry')) } }),
  'run time-outs are lost': (tx) =>
    withVerbs(tx, { timers: { add: (rows) => tx.timers.add(rows.filter(({ kind }) => kind !== 'run_timeout')) } }),
  'due timers are seen late': (tx) =>
    withVerbs(tx, { timers: { due: (now, limit) => tx.timers.due(now - 90_000, limit) } }),
  'skips are not counted downstream': (tx) =>
    withVerbs(tx, {
      instances: {
        count: (deltas) =>
          tx.instances.count(deltas.map((delta) => ({ ...delta, counters: { ...delta.counters, skipped: 0 } }))),
      },
    }),
  'expansion does not tell what is downstream': (tx) =>
    withVerbs(tx, {
      instances: {
        count: (deltas) =>
          tx.instances.count(deltas.map((delta) => ({ ...delta, counters: { ...delta.counters, expected: 0 } }))),
      },
    }),
  'what a rule skips is left waiting': (tx) =>
    withVerbs(tx, {
      instances: {
        decide: (moves) => tx.instances.decide(moves.filter(({ from, to }) => from !== 'none' || to !== 'skipped')),
      },
    }),
  'a retry has the number of the attempt before it': (tx, database) =>
    withVerbs(tx, {
      instances: {
        async claimable(limit) {
          const rows = await tx.instances.claimable(limit);
          const back = database.prepare(
            `UPDATE task_instance SET attempt = 1 WHERE run_id = ? AND task = ? AND map_index = ? AND attempt = 2`,
          );
          return rows.map((row) => {
            const changed = back.run(row.run, row.task, row.index).changes > 0;
            return changed ? { ...row, attempt: 1 } : row;
          });
        },
      },
    }),
  'a loss uses up a retry': (tx, database) =>
    withVerbs(tx, {
      instances: {
        async finish(moves) {
          const ended = await tx.instances.finish(moves);
          const less = database.prepare(
            `UPDATE task_instance SET max_attempts = max_attempts - 1 WHERE run_id = ? AND task = ? AND map_index = ? AND state = 'queued'`,
          );
          for (const { run, task, index, lost } of moves) if (lost !== null) less.run(run, task, index);
          return ended;
        },
      },
    }),
  'a logical date may have two runs': (tx, database) =>
    withVerbs(tx, {
      runs: {
        insert(run) {
          database.connection.exec('DROP INDEX IF EXISTS run_logical');
          return tx.runs.insert({
            ...run,
            runId: `${run.runId}~${database.connection.pragma('page_count', { simple: true })}${run.queuedAt}`,
          });
        },
      },
      workflows: { setLastAutomated: async () => {} },
    }),
  'more runs start than may be active': (tx) =>
    withVerbs(tx, {
      limits: {
        read: async (keys) =>
          (await tx.limits.read(keys)).map((row) => (row.key.startsWith('runs:') ? { ...row, used: 0 } : row)),
      },
    }),
  'the token outlives its attempt': (tx, database) =>
    withVerbs(tx, {
      instances: {
        async finish(moves) {
          const ended = await tx.instances.finish(moves);
          const keep = database.prepare(
            'UPDATE task_instance SET token = ? WHERE run_id = ? AND task = ? AND map_index = ?',
          );
          for (const { run, task, index, token } of moves) keep.run(token, run, task, index);
          return ended;
        },
      },
    }),
  'a failure does not fail the run': (tx) =>
    withVerbs(tx, { runs: { count: (deltas) => tx.runs.count(deltas.map((delta) => ({ ...delta, bad: 0 }))) } }),
  'a run ends while an instance is left': (tx) =>
    withVerbs(tx, {
      runs: {
        count: async (deltas) =>
          (await tx.runs.count(deltas)).map((row) => ({
            ...row,
            unfinished: row.unfinished === 1 ? 0 : row.unfinished,
          })),
      },
    }),
  'attempts are not written': (tx) => withVerbs(tx, { attempts: { insert: async () => {} } }),
  'lists are forgotten': (tx) => withVerbs(tx, { outputs: { put: async () => {} } }),
  'attempts of a dead server are overlooked': (tx) => withVerbs(tx, { instances: { runningOn: async () => [] } }),
  'what was planned last is forgotten': (tx) => withVerbs(tx, { workflows: { setLastAutomated: async () => {} } }),
  'schedules are not gone on with': (tx) =>
    withVerbs(tx, {
      workflows: {
        async setNext(id, next) {
          const row = await tx.workflows.byId(id);
          await tx.workflows.setNext(id, row?.lastAutomated ? null : next);
        },
      },
    }),
  'a run may start again': (tx, database) =>
    withVerbs(tx, {
      runs: {
        async move(move) {
          if (await tx.runs.move(move)) return true;
          if (move.to !== 'running') return false;
          return (
            database.prepare(`UPDATE run SET state = 'running' WHERE id = ? AND state = 'failed'`).run(move.id)
              .changes > 0
          );
        },
        async startable(workflow, now, limit) {
          const queued = await tx.runs.startable(workflow, now, limit);
          const failed = database
            .prepare(`SELECT id FROM run WHERE workflow_id = ? AND state = 'failed' LIMIT 1`)
            .get(workflow);
          return failed ? [...queued, failed.id as number] : queued;
        },
        async lock(ids) {
          return (await tx.runs.lock(ids)).map((row) =>
            row.state === 'failed' ? { ...row, state: 'queued' as const } : row,
          );
        },
      },
    }),
  'events of the end are not written': (tx) =>
    withVerbs(tx, {
      events: { append: (rows) => tx.events.append(rows.filter(({ kind }) => kind !== 'instance.running')) },
    }),
  'calls of flows are acknowledged and not written': (tx) => withVerbs(tx, { steps: { record: async () => {} } }),
  'the record of a flow lacks what has ended': (tx) =>
    withVerbs(tx, {
      steps: {
        journal: async (run, page) =>
          (await tx.steps.journal(run, page)).filter(({ state }) => state !== 'success' && state !== 'failed'),
      },
    }),
  'the record of a flow gives the output of another call': (tx) =>
    withVerbs(tx, {
      steps: {
        async journal(run, page) {
          const rows = await tx.steps.journal(run, page);
          return rows.map((row, at) => ({ ...row, value: rows[(at + 1) % rows.length]!.value }));
        },
      },
    }),
  'runs of backfills count in no limit': (tx) =>
    withVerbs(tx, {
      limits: {
        read: async (keys) =>
          (await tx.limits.read(keys)).map((row) => (row.key.startsWith('backfill:') ? { ...row, used: 0 } : row)),
      },
    }),
  'a backfill takes a date for settled that it has made no run for': (tx) =>
    withVerbs(tx, {
      backfills: {
        settle: (id, rows) =>
          tx.backfills.settle(
            id,
            rows.map((row) => ({ ...row, run: null })),
          ),
      },
    }),
  'a paused backfill goes on': (tx) =>
    withVerbs(tx, {
      backfills: {
        lock: async (id) => {
          const row = await tx.backfills.lock(id);
          return row && { ...row, paused: false };
        },
        open: async (workflow) => (await tx.backfills.open(workflow)).map((row) => ({ ...row, paused: false })),
      },
    }),
};
