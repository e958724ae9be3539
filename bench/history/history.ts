import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { Product } from '../product.ts';
import { copyRuns } from './copy-runs.ts';
import { historyPlan, type Sample, type SampleRun } from './plan.ts';

export interface Made {
  readonly instances: number;
  readonly runs: number;
  readonly workflows: number;
  /** Ids of the newest runs of the wide DAG and of the one with the map of 10,000. */
  readonly wideRun: string;
  readonly mappedRun: string;
}

/**
 * Fills a new home with 1,000,000 task instances of 200 workflows (pipelines/history.ts). The engine runs each workflow
 * twice, once well and once with a failure; what it wrote is then copied to other dates and stretched, so that every row
 * is one that the engine writes. Those first runs are taken away.
 */
export async function makeHistory(home: string, instances = 1_000_000): Promise<Made> {
  const known = await runEach(home);
  const db = new Sqlite(join(home, 'millrace.db'));
  try {
    const samples = known.map(({ good, bad, ...workflow }) => ({
      ...workflow,
      good: sampleRun(db, good),
      bad: sampleRun(db, bad),
    }));
    const planned = historyPlan(samples, instances, Date.now());
    copyRuns(
      db,
      planned,
      samples.flatMap(({ good, bad }) => [good.id, bad.id]),
    );
    const newest = (name: string) =>
      db
        .prepare(
          'SELECT run_id FROM run WHERE workflow_id = (SELECT id FROM workflow WHERE name = ?) ORDER BY run_after DESC',
        )
        .pluck()
        .get(name) as string;
    return {
      instances: planned.reduce((sum, run) => sum + run.instances, 0),
      runs: planned.length,
      workflows: samples.length,
      wideRun: newest('wide'),
      mappedRun: newest('mapped'),
    };
  } finally {
    db.close();
  }
}

type Ran = Omit<Sample, 'good' | 'bad'> & { readonly good: number; readonly bad: number };

async function runEach(home: string): Promise<readonly Ran[]> {
  const product = await Product.start('history', { home, schedules: 'ignored' });
  const { queries } = product.server.store;
  const ran: Ran[] = [];
  for (const { id, name, spec } of await queries.workflows()) {
    const good = await product.trigger(name);
    await product.ended(good);
    const bad = await product.trigger(name, { fails: true });
    await product.ended(bad);
    ran.push({ workflowId: id, name, schedule: spec.schedule, good, bad });
  }
  await product.stop();
  return ran;
}

function sampleRun(db: Sqlite.Database, id: number): SampleRun {
  const instances = db.prepare('SELECT count(*) FROM task_instance WHERE run_id = ?').pluck().get(id) as number;
  const took = db.prepare('SELECT ended_at - queued_at FROM run WHERE id = ?').pluck().get(id) as number;
  return { id, instances, took: Math.max(1, took) };
}
