import type { WorkflowSpec } from '../../model/spec.ts';
import type {
  AttemptRow,
  ClaimCandidate,
  CountDelta,
  FinishMove,
  InstanceKey,
  NewEvent,
  NewInstance,
  NewRun,
  RunRow,
  UpstreamCounters,
  VersionRow,
  WorkflowRow,
} from '../rows.ts';
import type { Store, Tx } from '../store.ts';

/** Rows to test with: whole, and changed where a test says so. */

export const NOON = Date.UTC(2026, 0, 1, 12);

export function specOf(id: string, change: Partial<WorkflowSpec> = {}): WorkflowSpec {
  return {
    format: 1,
    kind: 'dag',
    id,
    description: null,
    docs: null,
    tags: [],
    owner: 'airflow',
    schedule: { kind: 'none' },
    timezone: 'UTC',
    startDate: null,
    endDate: null,
    catchup: false,
    maxActiveRuns: 16,
    maxActiveTasks: 16,
    runTimeout: null,
    deadline: null,
    failFast: false,
    pausedUponCreation: false,
    params: { defaults: {}, schema: null },
    tasks: [],
    groups: [],
    ...change,
  };
}

export interface Publication {
  readonly spec?: Partial<WorkflowSpec>;
  readonly bundle?: string;
  readonly file?: string;
  readonly at?: number;
}

export function publish(
  tx: Tx,
  name: string,
  { spec = {}, bundle = 'b1', file = 'etl.ts', at = NOON }: Publication = {},
) {
  const whole = specOf(name, spec);
  return tx.workflows.publish({
    name,
    file,
    spec: whole,
    canonical: JSON.stringify(whole),
    bundleHash: bundle,
    bundlePath: `/bundles/${bundle}`,
    at,
  });
}

export function newRun(
  { workflow, version }: { readonly workflow: WorkflowRow; readonly version: VersionRow },
  change: Partial<NewRun> & Pick<NewRun, 'runId'>,
): NewRun {
  return {
    workflowId: workflow.id,
    versionId: version.id,
    type: 'manual',
    logicalDate: null,
    intervalStart: null,
    intervalEnd: null,
    runAfter: NOON,
    conf: '{}',
    params: '{}',
    queuedAt: NOON,
    triggeredBy: 'test',
    note: null,
    ...change,
  };
}

/** Publishes `etl` and makes runs r0, r1, … of it. */
export function someRuns(store: Store, count: number): Promise<readonly RunRow[]> {
  return store.transaction(async (tx) => {
    const published = await publish(tx, 'etl');
    const runs: RunRow[] = [];
    for (let n = 0; n < count; n++) runs.push((await tx.runs.insert(newRun(published, { runId: `r${n}` })))!);
    return runs;
  });
}

export async function oneRun(store: Store): Promise<RunRow> {
  return (await someRuns(store, 1))[0]!;
}

export function counters(
  change: Partial<Omit<UpstreamCounters, 'scope'>> & { readonly scope?: Partial<UpstreamCounters['scope']> } = {},
): UpstreamCounters {
  return {
    expected: 0,
    success: 0,
    failed: 0,
    skipped: 0,
    upstreamFailed: 0,
    removed: 0,
    successSetup: 0,
    skippedSetup: 0,
    ...change,
    scope: { expected: 0, success: 0, failed: 0, skipped: 0, removed: 0, ...change.scope },
  };
}

export function newInstance(run: number, change: Partial<NewInstance> = {}): NewInstance {
  return {
    run,
    task: 0,
    index: -1,
    state: 'queued',
    attempt: 1,
    maxAttempts: 1,
    priority: 1,
    orderAt: NOON,
    pool: 'default_pool',
    slots: 1,
    counters: counters(),
    queuedAt: NOON,
    endedAt: null,
    ...change,
  };
}

export const keyOf = ({ run, task, index }: InstanceKey): InstanceKey => ({ run, task, index });

/** `task.index`, short enough to compare lists of. */
export const short = ({ task, index }: InstanceKey): string => `${task}.${index}`;

export const delta = (
  { run, task }: Pick<InstanceKey, 'run' | 'task'>,
  index: number | 'all',
  change: Parameters<typeof counters>[0],
): CountDelta => ({ run, task, index, counters: counters(change) });

export const tokenOf = ({ run, task, index }: InstanceKey): string => `token ${run} ${task} ${index}`;

export function finishMove(instance: InstanceKey, change: Partial<FinishMove> = {}): FinishMove {
  return { ...keyOf(instance), token: tokenOf(instance), to: 'success', at: NOON, reason: null, lost: null, ...change };
}

/** Claims the best `limit` instances as server 1. */
export async function claimBest(tx: Tx, limit: number): Promise<readonly ClaimCandidate[]> {
  const candidates = await tx.instances.claimable(limit);
  const won = await tx.instances.claim(
    candidates.map((row) => ({ ...keyOf(row), token: tokenOf(row), server: 1, at: NOON })),
  );
  return candidates.filter((row) => won.some((key) => short(key) === short(row) && key.run === row.run));
}

/** A run whose instances of these tasks are claimed by server 1. */
export async function runningInstances(store: Store, tasks: readonly number[]): Promise<RunRow> {
  const run = await oneRun(store);
  await store.transaction(async (tx) => {
    await tx.instances.insert(tasks.map((task) => newInstance(run.id, { task })));
    await claimBest(tx, tasks.length);
  });
  return run;
}

export function attemptRow(instance: InstanceKey, change: Partial<AttemptRow> = {}): AttemptRow {
  return {
    ...keyOf(instance),
    attempt: 1,
    outcome: 'success',
    reason: null,
    worker: 'w1',
    startedAt: NOON,
    endedAt: NOON + 5,
    error: null,
    ...change,
  };
}

export function newEvent(kind: string, change: Partial<NewEvent> = {}): NewEvent {
  return { at: NOON, kind, workflowId: null, run: null, task: null, index: null, attempt: null, data: null, ...change };
}
