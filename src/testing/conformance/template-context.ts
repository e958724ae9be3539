import { Catalog } from '../../engine/catalog.ts';
import { RunFactsCache } from '../../engine/run-facts.ts';
import type { RunFacts } from '../../executor/executor.ts';
import { parseDate } from '../../model/date.ts';
import { paramsOfRun } from '../../model/params.ts';
import type { WorkflowSpec } from '../../model/spec.ts';
import type { RunState, RunType } from '../../model/states.ts';
import { decodeValue } from '../../model/value.ts';
import { buildContext } from '../../sdk/build-context.ts';
import { dag } from '../../sdk/dag.ts';
import { canonicalSpec, drawnWorkflow } from '../../sdk/drawn.ts';
import { templateVariables } from '../../sdk/template-variables.ts';
import type { NewRun } from '../../store/rows.ts';
import { SqliteStore } from '../../store/sqlite/store.ts';
import type { Tx } from '../../store/store.ts';
import { RenderError, render, timedelta } from './template.ts';
import { type Verdict, verdict } from './verdict.ts';

interface RunForm {
  readonly run_type: RunType;
  readonly logical_date: string | null;
  readonly data_interval_start: string | null;
  readonly data_interval_end: string | null;
}

export interface TemplateContextCase {
  readonly id: string;
  readonly input: {
    readonly dag_id: string;
    readonly task_id: string;
    readonly try_number: number;
    readonly conf: Readonly<Record<string, unknown>>;
    readonly run: RunForm & { readonly run_after: string; readonly run_id: string };
    readonly other_runs: readonly (RunForm & {
      readonly state: RunState;
      readonly start_date: string;
      readonly end_date: string | null;
    })[];
    readonly now: string;
  };
  readonly expected: {
    readonly rendered: Readonly<Record<string, { readonly value: string } | { readonly error: string }>>;
    readonly variables_present: readonly string[];
  };
}

/** Those whose presence the cases note. */
const NAMES = [
  ...['ds', 'ds_nodash', 'ts', 'ts_nodash', 'ts_nodash_with_tz', 'logical_date', 'data_interval_start'],
  ...['data_interval_end', 'prev_data_interval_start_success', 'prev_data_interval_end_success'],
  ...['prev_start_date_success', 'prev_end_date_success', 'run_id', 'dag_run', 'partition_key', 'partition_date'],
  ...['task_instance_key_str', 'triggering_asset_events', 'execution_date', 'prev_ds', 'next_ds', 'test_mode', 'conf'],
];

/**
 * What an attempt is told of its run: the runs are put into a store, and read from there as the engine does. Instants
 * are compared to the millisecond, which is as exactly as Millrace keeps them.
 */
export async function checkTemplateContext({ input, expected }: TemplateContextCase): Promise<Verdict> {
  const { macros, ...variables } = templateVariables(await contextOf(input));
  const scope = { ...variables, macros: { ...(macros as object), timedelta } };
  const rendered = Object.keys(expected.rendered).map((template) => [template, outcome(template, scope)]);
  return verdict(
    {
      rendered: Object.fromEntries(rendered),
      variables_present: NAMES.filter((name) => Object.hasOwn(variables, name)).sort(),
    },
    {
      rendered: Object.fromEntries(
        Object.entries(expected.rendered).map(([template, result]) => [
          template,
          'error' in result ? 'error' : inMilliseconds(template, result.value),
        ]),
      ),
      variables_present: [...expected.variables_present].sort(),
    },
  );
}

function outcome(template: string, scope: Readonly<Record<string, unknown>>): string {
  try {
    return render(template, scope);
  } catch (error) {
    if (error instanceof RenderError) return 'error';
    throw error;
  }
}

/** A run's id is text, and stays as it is. */
function inMilliseconds(template: string, value: string): string {
  if (/run_id|task_instance_key_str/.test(template)) return value;
  return value.replace(/\.(\d{3})\d{3}(?=\+)/, (_, ms: string) => (ms === '000' ? '' : `.${ms}000`));
}

async function contextOf(input: TemplateContextCase['input']) {
  const facts = await factsOf(input);
  const { task_id: taskId, try_number: attempt } = input;
  const decoded = Object.entries(facts.params).map(([name, value]) => [name, decodeValue(value)]);
  const silent = () => {};
  return buildContext({
    run: facts,
    attempt: { taskId, attempt, maxAttempts: attempt, mapIndex: -1, mapLength: null },
    params: () => Object.fromEntries(decoded),
    conf: () => JSON.parse(facts.conf),
    log: { debug: silent, info: silent, warn: silent, error: silent },
    signal: new AbortController().signal,
    reportProgress: silent,
  });
}

async function factsOf(input: TemplateContextCase['input']): Promise<RunFacts> {
  const store = SqliteStore.open(':memory:');
  try {
    await store.migrate();
    return await store.transaction(async (tx) => {
      const { spec } = drawnWorkflow(dag(input.dag_id, { schedule: null }, () => {}));
      const newRun = await publisher(tx, spec, parseDate(input.now));
      for (const [at, other] of input.other_runs.entries()) {
        const row = await tx.runs.insert(
          newRun({ ...other, run_id: `other-${at}`, run_after: other.start_date, conf: {} }),
        );
        const move = { id: row!.id, reason: null };
        await tx.runs.move({ ...move, from: ['queued'], to: 'running', at: parseDate(other.start_date) });
        const end = other.end_date === null ? null : parseDate(other.end_date);
        if (end !== null) await tx.runs.move({ ...move, from: ['running'], to: other.state, at: end });
      }
      const row = await tx.runs.insert(newRun({ ...input.run, conf: input.conf }));
      return (await new RunFactsCache(new Catalog()).of(tx, row!.id)).facts;
    });
  } finally {
    await store.close();
  }
}

type RunGiven = RunForm & {
  readonly run_id: string;
  readonly run_after: string;
  readonly conf: Readonly<Record<string, unknown>>;
};

async function publisher(tx: Tx, spec: WorkflowSpec, at: number): Promise<(run: RunGiven) => NewRun> {
  const { workflow, version } = await tx.workflows.publish({
    ...{ name: spec.id, file: 'case.ts', spec, canonical: canonicalSpec(spec), bundleHash: 'case', bundlePath: 'case' },
    at,
  });
  const instant = (text: string | null) => (text === null ? null : parseDate(text));
  return ({ run_id, run_type, logical_date, data_interval_start, data_interval_end, run_after, conf }) => ({
    workflowId: workflow.id,
    versionId: version.id,
    runId: run_id,
    type: run_type,
    logicalDate: instant(logical_date),
    intervalStart: instant(data_interval_start),
    intervalEnd: instant(data_interval_end),
    runAfter: parseDate(run_after),
    conf: JSON.stringify(conf),
    params: JSON.stringify(paramsOfRun(spec, conf)),
    queuedAt: at,
    triggeredBy: 'case',
    note: null,
  });
}
