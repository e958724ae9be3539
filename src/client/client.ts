import createOpenApiClient, { type Client as OpenApiClient } from 'openapi-fetch';
import type { paths } from './schema.ts';

export interface ClientOptions {
  /** `http://127.0.0.1:8080`. */
  readonly baseUrl: string;
  /** Goes with each request as `Authorization: Bearer …`. */
  readonly token?: string;
  /** Default: the global one. */
  readonly fetch?: typeof fetch;
}

/** Calls by method and path: `client.GET('/api/v2/dags/{dag_id}', { params: { path: { dag_id } } })`. */
export type Client = OpenApiClient<paths>;

/** A client of the REST API, with the types of its contract. */
export function createClient({ baseUrl, token, fetch: ask }: ClientOptions): Client {
  return createOpenApiClient<paths>({
    baseUrl,
    ...(token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } }),
    ...(ask === undefined ? {} : { fetch: ask }),
  });
}
