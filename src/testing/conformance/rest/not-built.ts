import type { RestRequest } from './rest-case.ts';

export interface NotBuilt {
  readonly resource: string;
  readonly reason: string;
  matches(request: RestRequest): boolean;
}

const path = (pattern: RegExp) => (request: RestRequest) => pattern.test(request.path);

/** What of Airflow's API is not there, each with the reason. Probes of it are counted apart, never as agreement. */
export const NOT_BUILT: readonly NotBuilt[] = [
  {
    resource: 'assets',
    reason: 'There are no assets yet: neither their events nor DAGs that they start.',
    matches: (request) =>
      /^\/assets|queuedEvents|upstreamAssetEvents|rest_consumer|rest_producer|rest_alias_producer/.test(request.path) ||
      JSON.stringify([request.path, request.query ?? [], request.body ?? null]).includes('asset') ||
      JSON.stringify([request.path, request.query ?? [], request.body ?? null]).includes('{{run_'),
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
    matches: ({ path, query = [] }) => /favorite$/.test(path) || query.some(([name]) => name === 'is_favorite'),
  },
  {
    resource: 'parseDagFile',
    reason: 'Files that change are read again by themselves.',
    matches: path(/^\/parseDagFile/),
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
