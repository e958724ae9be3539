import type { Amend, Asked } from './asked.ts';

/**
 * Where an answer differs from Airflow's on purpose, and why: a rule on what is asked, or what becomes of the parts of an
 * expected answer, the rest of which is then compared as ever. Each has its line in docs/FROM_AIRFLOW.md.
 */
export type RestDifference =
  | { readonly reason: string; applies(asked: Asked): boolean }
  | { readonly reason: string; readonly amend: Amend };

const bodyText = ({ request }: Asked) => JSON.stringify(request.body ?? null);
const isOdd = (name: unknown) => typeof name === 'string' && !/^[A-Za-z0-9_][\w.-]{0,249}$/.test(name);

export const REST_DIFFERENCES: readonly RestDifference[] = [
  {
    reason: 'DAGs and tasks have one name: what is displayed is the id.',
    amend: (part) => ({
      ...('dag_display_name' in part ? { dag_display_name: '<string>' } : {}),
      ...('task_display_name' in part ? { task_display_name: '<string>' } : {}),
    }),
  },
  {
    reason: 'DAGs and tasks have one name: what is displayed is the id.',
    applies: ({ request }) =>
      (request.query ?? []).some(
        ([name, value]) =>
          name === 'dag_display_name_pattern' || name === 'task_display_name_pattern' || value === 'dag_display_name',
      ),
  },
  {
    reason: 'A DAG has one owner, and its tasks have the same; owners have no links.',
    amend: (part) => ({
      ...(Array.isArray(part.owners) && part.owners.length > 1 ? { owners: '<list>' } : {}),
      ...('owner' in part && part.owner !== null && 'trigger_rule' in part ? { owner: '<string>' } : {}),
      ...('owner_links' in part ? { owner_links: {} } : {}),
    }),
  },
  {
    reason: 'A new DAG runs unless its file says that it is paused when it is first seen.',
    amend: (part) => ('is_paused_upon_creation' in part ? { is_paused_upon_creation: '<null|bool>' } : {}),
  },
  {
    reason: 'An instance that never ran has no start.',
    amend: (part) =>
      (part.state === 'upstream_failed' || part.state === 'skipped') && 'map_index' in part
        ? { start_date: '<null|datetime>' }
        : {},
  },
  {
    reason: 'An instance that waits to run again shows no dates of the attempt before: `tries` has them.',
    amend: (part) =>
      part.state === null && 'try_number' in part && part.try_number !== 0
        ? { start_date: '<null|datetime>', end_date: '<null|datetime>' }
        : {},
  },
  {
    reason: 'A run that failed without having started has an end.',
    amend: (part) =>
      part.state === 'failed' && 'run_type' in part && part.end_date === null ? { end_date: '<null|datetime>' } : {},
  },
  {
    reason:
      'Cleared is what was asked for, with its upstream and its downstream; not what else is upstream of that downstream.',
    applies: ({ request }) => /"include_upstream":true.*"include_downstream":true/.test(bodyText({ request } as Asked)),
  },
  {
    reason:
      'Marking with `include_upstream`, `include_future` or `include_past` marks those too, and answers with them.',
    applies: ({ request }) =>
      request.method === 'PATCH' && /"include_(upstream|future|past)":true/.test(bodyText({ request } as Asked)),
  },
  {
    reason: 'A backfill of no runs at once does not fit (422).',
    applies: ({ request }) => bodyText({ request } as Asked).includes('"max_active_runs":0'),
  },
  {
    reason: 'Backfills can be listed without naming a DAG.',
    applies: ({ request }) => request.path === '/backfills' && request.method === 'GET' && !request.query?.length,
  },
  {
    reason: 'The `detail` of a 404 is a text. In Airflow it is a list where an instance is marked.',
    amend: (part) => (part.detail === '<list>' ? { detail: '<string>' } : {}),
  },
  {
    reason: 'A task gives one output. Nothing is pushed beside it, and nobody writes or deletes what a task gave.',
    applies: ({ request, expected }) =>
      (request.method !== 'GET' && request.path.includes('xcomEntries')) ||
      (request.path.includes('xcomEntries') && /"(rows|mine|nil|num)"/.test(JSON.stringify(expected.body ?? null))),
  },
  {
    reason:
      'The name of a variable or connection can be part of the name of an environment variable: letters, digits, `_`, `.`, `-`.',
    applies: ({ request, before }) =>
      isOdd((request.body as { readonly key?: unknown } | undefined)?.key) ||
      (request.path.startsWith('/variables') &&
        before.some(({ body }) => isOdd((body as { readonly key?: unknown } | undefined)?.key)) &&
        (/[^\w./-]|rv\/slash/.test(request.path) || (request.query ?? []).some(([, value]) => value === 'rv_'))),
  },
  {
    reason: 'A pool has a name.',
    applies: ({ request }) => request.path === '/pools' && bodyText({ request } as Asked).includes('"name":""'),
  },
  {
    reason: 'A server tests no connection for a caller, so that nobody reaches into its network through it.',
    applies: ({ request }) => request.path === '/connections/test',
  },
  {
    reason: 'A cleared run runs again: that cannot be switched off with `reset_dag_runs`.',
    applies: ({ request, before }) =>
      bodyText({ request } as Asked).includes('"reset_dag_runs":false') ||
      before.some(
        ({ body }) =>
          (body as { readonly reset_dag_runs?: unknown } | undefined)?.reset_dag_runs === false &&
          request.path.endsWith(`/${(body as { readonly dag_run_id?: string }).dag_run_id}`),
      ),
  },
  {
    reason: 'What somebody stopped is `cancelled`, and no failure.',
    amend: (part) => (part.state === 'failed' && part.run_type === 'backfill' ? { state: '<string>' } : {}),
  },
  {
    reason: 'What is cleared with a note is shown with it.',
    applies: ({ request }) =>
      request.path.endsWith('/clearTaskInstances') && bodyText({ request } as Asked).includes('"note"'),
  },
];
