import type { Amend, Asked } from './asked.ts';

/** What of Airflow's API is not there, with the reason. Probes of it are counted apart, never as agreement. */
export type NotBuilt =
  | { readonly resource: string; readonly reason: string; matches(asked: Asked): boolean }
  | { readonly resource: string; readonly reason: string; readonly amend: Amend };

const path =
  (pattern: RegExp) =>
  ({ request }: Asked) =>
    pattern.test(request.path);

const NO_ASSETS = 'There are no assets yet: neither their events nor DAGs that they start.';

export const NOT_BUILT: readonly NotBuilt[] = [
  {
    resource: 'assets',
    reason: NO_ASSETS,
    matches: ({ request, expected }) =>
      /^\/assets|assets?\/|queuedEvents|upstreamAssetEvents|rest_consumer\w*\/dagRuns/.test(request.path) ||
      /asset_|\{\{run_(both|consumer)/.test(
        JSON.stringify([request.path, request.query ?? [], request.body ?? null]),
      ) ||
      /"asset_triggered"/.test(JSON.stringify(expected.body ?? null)) ||
      (/dag_run|last_run/.test(JSON.stringify(request.query ?? [])) &&
        /"rest_consumer/.test(JSON.stringify(expected.body ?? null))),
  },
  {
    resource: 'assets',
    reason: NO_ASSETS,
    amend: (part) => ({
      ...(part.timetable_summary === 'Asset' ? { timetable_summary: null, timetable_description: '<string>' } : {}),
      ...(typeof part.asset_expression === 'object' && part.asset_expression !== null
        ? { asset_expression: null }
        : {}),
    }),
  },
  {
    resource: 'jobs, plugins, providers, dagWarnings',
    reason: 'They describe the inside of an Airflow installation: Millrace has none of these.',
    matches: path(/^\/(jobs|plugins|providers|dagWarnings)/),
  },
  {
    resource: 'eventLogs',
    reason: 'There is no audit log yet: events say what happened, not who did it.',
    matches: path(/^\/eventLogs/),
  },
  {
    resource: 'favorites',
    reason: 'They belong to the accounts of people: Millrace knows tokens.',
    matches: ({ request: { path: where, query = [] } }) =>
      /favorite$/.test(where) || query.some(([name]) => name === 'is_favorite'),
  },
  {
    resource: 'favorites',
    reason: 'They belong to the accounts of people: Millrace knows tokens.',
    amend: (part) => (part.is_favorite === true ? { is_favorite: false } : {}),
  },
  {
    resource: 'parseDagFile',
    reason: 'Files that change are read again by themselves.',
    matches: path(/^\/parseDagFile/),
  },
  {
    resource: 'deleting DAGs, runs and instances',
    reason: 'What happened is kept; a DAG is there as long as its file defines it.',
    matches: ({ request, before }) =>
      isDeletion(request) ||
      before.some((each) => {
        if (!isDeletion(each)) return false;
        return each.method === 'DELETE'
          ? request.path === each.path
          : request.path === each.path && request.method === 'GET';
      }),
  },
  {
    resource: 'clearPartitions',
    reason: 'There are no partitioned runs yet.',
    matches: path(/clearPartitions/),
  },
  {
    resource: 'auth/login',
    reason: "Signing in is Millrace's own: /login takes a token.",
    matches: path(/^\/auth\/login/),
  },
];

function isDeletion({ method, path: where, body }: Asked['request']): boolean {
  if (!/^\/dags\//.test(where)) return false;
  if (method === 'DELETE') return !where.includes('xcomEntries');
  return method === 'PATCH' && JSON.stringify(body ?? null).includes('"action":"delete"');
}
