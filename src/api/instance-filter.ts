import { z } from 'zod';
import type { TaskInstance } from '../insight/airflow/instance-response.ts';
import type { WorkflowSpec } from '../model/spec.ts';
import { taskState } from './contract/state.ts';
import { beginsWith, likes, type Orders, ordered } from './list.ts';
import { Unprocessable } from './problem.ts';
import { cursor, instant, limit, listed, offset } from './query.ts';

const whole = z.coerce.number().int();

/** What lists of instances are filtered by. */
export const instanceFilter = z.object({
  limit: limit(),
  offset,
  cursor,
  state: listed(z.string()).optional(),
  task_id: z.string().optional(),
  task_display_name_pattern: z.string().optional(),
  task_group_id: z.string().optional(),
  dag_id_pattern: z.string().optional(),
  run_id_pattern: z.string().optional(),
  run_id_prefix_pattern: z.string().optional(),
  map_index: listed(whole).optional(),
  rendered_map_index_pattern: z.string().optional(),
  try_number: listed(whole).optional(),
  version_number: listed(whole).optional(),
  pool: listed(z.string()).optional(),
  queue: listed(z.string()).optional(),
  executor: listed(z.string()).optional(),
  start_date_gte: instant.optional(),
  start_date_lte: instant.optional(),
  end_date_gte: instant.optional(),
  end_date_lte: instant.optional(),
  duration_gte: z.coerce.number().optional(),
  duration_lte: z.coerce.number().optional(),
  order_by: listed(z.string()).default([]),
});

export type InstanceFilter = z.infer<typeof instanceFilter>;

/** The same in a body, for what is too long for an address. */
export const instanceListBody = z
  .strictObject({
    dag_ids: z.array(z.string()).nullish(),
    dag_run_ids: z.array(z.string()).nullish(),
    task_ids: z.array(z.string()).nullish(),
    state: z.array(taskState).nullish(),
    pool: z.array(z.string()).nullish(),
    queue: z.array(z.string()).nullish(),
    executor: z.array(z.string()).nullish(),
    start_date_gte: instant.nullish(),
    start_date_lte: instant.nullish(),
    end_date_gte: instant.nullish(),
    end_date_lte: instant.nullish(),
    duration_gte: z.number().nullish(),
    duration_lte: z.number().nullish(),
    page_offset: z.int().min(0).default(0),
    page_limit: z.int().min(0).default(50),
    order_by: z.string().nullish(),
  })
  .meta({ id: 'TaskInstancesBatchBody' });

/** Instances that fit, in the order asked for. Throws Unprocessable for a state that there is not, `invalid_argument` for an order. */
export function filteredInstances(instances: readonly TaskInstance[], filter: InstanceFilter): TaskInstance[] {
  const states = filter.state?.map(stateOf);
  const among = <T>(values: readonly T[] | undefined, value: T) => values === undefined || values.includes(value);
  const within = (value: string | null, from: number | undefined, to: number | undefined) =>
    (from === undefined && to === undefined) ||
    (value !== null && Date.parse(value) >= (from ?? -Infinity) && Date.parse(value) <= (to ?? Infinity));
  const fits = (each: TaskInstance) =>
    among(states, each.state) &&
    (filter.task_id === undefined || filter.task_id === each.task_id) &&
    likes(each.task_display_name, filter.task_display_name_pattern) &&
    likes(each.dag_run_id, filter.run_id_pattern) &&
    beginsWith(each.dag_run_id, filter.run_id_prefix_pattern) &&
    among(filter.map_index, each.map_index) &&
    (filter.rendered_map_index_pattern === undefined ||
      likes(each.rendered_map_index ?? '', filter.rendered_map_index_pattern)) &&
    among(filter.try_number, each.try_number) &&
    among(filter.version_number, each.dag_version?.version_number ?? 0) &&
    among(filter.pool, each.pool) &&
    among(filter.queue, each.queue ?? '') &&
    among(filter.executor, each.executor ?? '') &&
    within(each.start_date, filter.start_date_gte, filter.start_date_lte) &&
    within(each.end_date, filter.end_date_gte, filter.end_date_lte) &&
    (filter.duration_gte === undefined || (each.duration ?? -1) >= filter.duration_gte) &&
    (filter.duration_lte === undefined || (each.duration ?? Infinity) <= filter.duration_lte);
  return ordered(instances.filter(fits), filter.order_by, ORDERS);
}

function stateOf(text: string): TaskInstance['state'] {
  if (text === 'none' || text === 'no_status') return null;
  const parsed = taskState.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new Unprocessable(`Invalid value for state: ${text}`);
}

const ORDERS: Orders<TaskInstance> = {
  id: ({ id }) => id,
  state: ({ state }) => state,
  duration: ({ duration }) => duration,
  start_date: (each) => each.start_date,
  end_date: (each) => each.end_date,
  map_index: (each) => each.map_index,
  try_number: (each) => each.try_number,
  logical_date: (each) => each.logical_date,
  run_after: (each) => each.run_after,
  data_interval_start: (each) => each.logical_date,
  data_interval_end: (each) => each.logical_date,
  rendered_map_index: (each) => each.rendered_map_index,
  operator: (each) => each.operator,
  queued_dttm: (each) => each.queued_when,
  scheduled_dttm: (each) => each.scheduled_when,
  pool: (each) => each.pool,
  executor: (each) => each.executor,
};

/** Ids of the tasks of a group, at any depth; null where there is no such group. */
export function tasksInGroup({ groups, tasks }: WorkflowSpec, id: string): ReadonlySet<string> | null {
  const at = groups.findIndex((group) => group.id === id);
  if (at < 0) return null;
  const isInside = (group: number | null): boolean =>
    group !== null && (group === at || isInside(groups[group]!.parent));
  return new Set(tasks.filter(({ group }) => isInside(group)).map((task) => task.id));
}
