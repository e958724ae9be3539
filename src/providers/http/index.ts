import { type Expect, HttpClient, type HttpMethod, type HttpOptions, type RequestOptions } from './client.ts';

export type { TimeoutInput } from '../timeout.ts';
export type { Query } from './base.ts';
export type { Auth, Expect, HttpMethod, HttpOptions, RequestBody, RequestOptions } from './client.ts';
export { HttpConnectionError, HttpStatusError, isRetryable } from './error.ts';

export interface Http {
  get: HttpMethod;
  post: HttpMethod;
  put: HttpMethod;
  patch: HttpMethod;
  delete: HttpMethod;
  /** The answer itself, whatever its status: for headers, streams and other methods. */
  raw(method: string, path: string, options?: RequestOptions): Promise<Response>;
}

/**
 * An HTTP service, by its base URL or by the name of a connection of type `http` or `https`. Answers are parsed as JSON;
 * another status than 2xx throws HttpStatusError (code `http_status`). A request ends with the attempt.
 */
export function http(target: string, options: HttpOptions = {}): Http {
  const client = new HttpClient(target, options);
  const method = (name: string): HttpMethod =>
    ((path: string, requestOptions: RequestOptions & { expect?: Expect } = {}) =>
      client.request(name, path, requestOptions)) as HttpMethod;
  return {
    get: method('GET'),
    post: method('POST'),
    put: method('PUT'),
    patch: method('PATCH'),
    delete: method('DELETE'),
    raw: (name, path, requestOptions) => client.raw(name.toUpperCase(), path, requestOptions),
  };
}
