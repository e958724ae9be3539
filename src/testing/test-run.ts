import type { LogLine } from '../executor/executor.ts';
import { MillraceError } from '../model/errors.ts';
import type { StoredValue } from '../model/expression.ts';
import type { ObjectStore } from '../objects/objects.ts';
import { decodeStored, loadObjects } from '../runner/stored-values.ts';
import type { AttemptRow, InstanceRow } from '../store/rows.ts';
import type { Store } from '../store/store.ts';

export interface TestInstance {
  readonly state: string;
  /** Attempts that were made. */
  readonly attempts: number;
  /** What it returned; undefined where it did not. */
  readonly output: unknown;
  /** Why its last attempt failed, as the error said it. */
  readonly error: string | undefined;
}

/** A run that has ended. */
export interface TestRun {
  readonly state: string;
  /** What the flow returned. */
  readonly value: unknown;
  /** Messages of all attempts, in the order in which they were written. */
  readonly log: readonly string[];
  /** Instances of a task by its id, or calls of a flow by their name; `index` is the map index or the occurrence. */
  task(name: string, index?: number): TestInstance;
  /** Every instance of a task, or every call, in order. */
  tasks(name: string): readonly TestInstance[];
}

export async function readRun(store: Store, id: number, objects: ObjectStore): Promise<TestRun> {
  const run = (await store.queries.run(id))!;
  const version = (await store.queries.version(run.versionId))!;
  const attempts = await store.queries.attempts(id);
  const outputs = await store.queries.outputs(id);
  const instances = await store.queries.instances(id);
  const calls = version.spec.kind === 'flow' ? await callNames(store, id) : new Map<number, string>();
  const nameOf = (task: number) => calls.get(task) ?? version.spec.tasks[task]?.id ?? String(task);

  const values = new Map<string, unknown>();
  for (const { task, index, value } of outputs) values.set(`${task}.${index}`, await decode(value, objects));
  const chunks = await store.queries.logs({ run: id, limit: 100_000 });
  const log = chunks.flatMap(({ lines }) => lines.split('\n').map((line) => (JSON.parse(line) as LogLine).message));

  const tasks = (name: string) =>
    instances.filter(({ task }) => nameOf(task) === name).map((row) => instance(row, attempts, values));
  return {
    state: run.state,
    value: version.spec.kind === 'flow' ? values.get('0.-1') : undefined,
    log,
    tasks,
    task(name, index = 0) {
      const found = tasks(name);
      const row = found[index];
      if (row) return row;
      const known = [...new Set(instances.map(({ task }) => nameOf(task)))].join(', ');
      throw new MillraceError('not_found', `the run has no task ${name}${found.length > 0 ? `[${index}]` : ''}`, {
        fix: `It has ${known}.`,
      });
    },
  };
}

function instance(
  row: InstanceRow,
  attempts: readonly AttemptRow[],
  values: ReadonlyMap<string, unknown>,
): TestInstance {
  const own = attempts.filter(({ task, index }) => task === row.task && index === row.index);
  const error = own.at(-1)?.error;
  return {
    state: row.state,
    attempts: own.length,
    output: values.get(`${row.task}.${row.index}`),
    error: error ? (JSON.parse(error) as { message: string }).message : undefined,
  };
}

async function callNames(store: Store, run: number): Promise<Map<number, string>> {
  const journal = await store.transaction((tx) => tx.steps.journal(run, { offset: 0, limit: 1_000_000 }));
  return new Map(journal.map(({ task, name }) => [task, name]));
}

async function decode(value: StoredValue, objects: ObjectStore): Promise<unknown> {
  const hashes = value.kind === 'object' ? [value.hash] : [];
  return decodeStored(value, await loadObjects(hashes, objects));
}
