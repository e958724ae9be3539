import { z } from 'zod';
import { RUN_ORDERS, type RunOrder, type RunsFilter } from '../store/readings.ts';
import { runState, runType } from './contract/state.ts';
import { likes, noSuchOrder } from './list.ts';
import { Unprocessable } from './problem.ts';
import { cursor, instant, limit, listed, offset, offsetOf } from './query.ts';
import type { ApiParts } from './route.ts';
import { workflowNamed } from './workflow-named.ts';

const span = <N extends string>(name: N) =>
  ({
    [`${name}_gte`]: instant.optional(),
    [`${name}_gt`]: instant.optional(),
    [`${name}_lte`]: instant.optional(),
    [`${name}_lt`]: instant.optional(),
  }) as Record<`${N}_${'gte' | 'gt' | 'lte' | 'lt'}`, z.ZodOptional<typeof instant>>;

const seconds = z.coerce.number().min(0).optional();

/** What lists of runs are filtered by. */
export const runFilter = z.object({
  limit: limit(),
  offset,
  cursor,
  state: listed(z.string()).optional(),
  run_type: listed(z.string()).optional(),
  ...span('run_after'),
  ...span('logical_date'),
  ...span('start_date'),
  ...span('end_date'),
  duration_gte: seconds,
  duration_lte: seconds,
  dag_id_pattern: z.string().optional(),
  run_id_pattern: z.string().optional(),
  run_id_prefix_pattern: z.string().optional(),
  conf_contains: z.string().optional(),
  dag_version: listed(z.coerce.number().int()).optional(),
  order_by: listed(z.string()).default(['id']),
});

/** The same in a body, for what is too long for an address. */
export const runListBody = z
  .strictObject({
    order_by: z.string().nullish(),
    page_offset: z.int().min(0).default(0),
    page_limit: z.int().min(0).default(50),
    dag_ids: z.array(z.string()).nullish(),
    states: z.array(runState.nullable()).nullish(),
    run_after_gte: instant.nullish(),
    run_after_lte: instant.nullish(),
    logical_date_gte: instant.nullish(),
    logical_date_lte: instant.nullish(),
    start_date_gte: instant.nullish(),
    start_date_lte: instant.nullish(),
    end_date_gte: instant.nullish(),
    end_date_lte: instant.nullish(),
    conf_contains: z.string().nullish(),
  })
  .meta({ id: 'DAGRunsBatchBody' });

interface Bounds {
  readonly gte?: number | undefined;
  readonly gt?: number | undefined;
  readonly lte?: number | undefined;
  readonly lt?: number | undefined;
}

/** Instants are whole milliseconds: what is after one begins a millisecond later. */
export function spanOf({ gte, gt, lte, lt }: Bounds): RunsFilter['due'] {
  const from = gte ?? (gt === undefined ? undefined : gt + 1);
  const to = lt ?? (lte === undefined ? undefined : lte + 1);
  return from === undefined && to === undefined ? undefined : { from, to };
}

/** The filter of a list, `~` standing for every DAG. Throws `not_found`, and `invalid_argument` for an order. */
export async function runsFilterOf(
  parts: Pick<ApiParts, 'store'>,
  dagId: string,
  query: z.infer<typeof runFilter>,
): Promise<RunsFilter> {
  const bounds = (name: 'run_after' | 'logical_date' | 'start_date' | 'end_date') =>
    spanOf({ gte: query[`${name}_gte`], gt: query[`${name}_gt`], lte: query[`${name}_lte`], lt: query[`${name}_lt`] });
  return {
    workflowIds: await workflowIdsOf(parts, dagId, query.dag_id_pattern),
    states: known(query.state, runState, 'state'),
    types: known(query.run_type, runType, 'run_type'),
    due: bounds('run_after'),
    logicalDate: bounds('logical_date'),
    started: bounds('start_date'),
    ended: bounds('end_date'),
    ranAtLeastMs: query.duration_gte === undefined ? undefined : query.duration_gte * 1000,
    ranAtMostMs: query.duration_lte === undefined ? undefined : query.duration_lte * 1000,
    named: query.run_id_pattern?.replaceAll('%', ''),
    begins: query.run_id_prefix_pattern,
    confHas: query.conf_contains,
    versionNumbers: query.dag_version,
    order: query.order_by.map(runOrderOf),
    limit: query.limit,
    offset: offsetOf(query),
  };
}

/** Undefined: all. */
export async function workflowIdsOf(
  parts: Pick<ApiParts, 'store'>,
  dagId: string,
  pattern: string | undefined,
): Promise<readonly number[] | undefined> {
  if (dagId !== '~') return [(await workflowNamed(parts, dagId)).id];
  if (pattern === undefined) return undefined;
  const all = await parts.store.queries.workflows();
  return all.filter(({ name }) => likes(name, pattern)).map(({ id }) => id);
}

/** Values of a closed set. What is not among them is said in a sentence, as Airflow does in addresses. */
export function known<T extends string>(
  values: readonly string[] | undefined,
  set: z.ZodType<T>,
  name: string,
): readonly T[] | undefined {
  return values?.map((value) => {
    const parsed = set.safeParse(value);
    if (!parsed.success) throw new Unprocessable(`Invalid value for ${name}: ${value}`);
    return parsed.data;
  });
}

/** Airflow's names of columns that ours have another name for. */
const COLUMNS: Readonly<Record<string, RunOrder>> = {
  dag_run_id: 'run_id',
  start_date: 'started_at',
  end_date: 'ended_at',
};

export function runOrderOf(text: string): { readonly by: RunOrder; readonly descending: boolean } {
  const name = text.replace(/^-/, '');
  const by = Object.hasOwn(COLUMNS, name) ? COLUMNS[name] : RUN_ORDERS.find((order) => order === name);
  if (by) return { by, descending: text.startsWith('-') };
  throw noSuchOrder(text);
}
