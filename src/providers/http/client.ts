import { MillraceError } from '../../model/errors.ts';
import { currentScope } from '../../sdk/scope.ts';
import { type TimeoutInput, timeoutMs } from '../timeout.ts';
import { type Base, type Query, resolveBase, urlBelow } from './base.ts';
import { HttpConnectionError, HttpStatusError, shownUrl } from './error.ts';

export type Auth = { readonly user: string; readonly password: string } | { readonly bearer: string };

export interface HttpOptions {
  /** Go with every request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** For the whole answer, body included. Default 60 seconds. */
  readonly timeout?: TimeoutInput;
  /** Instead of login and password of the connection. */
  readonly auth?: Auth;
}

export type RequestBody =
  | string
  | Uint8Array<ArrayBuffer>
  | URLSearchParams
  | FormData
  | Blob
  | ReadableStream<Uint8Array>;

interface RequestParts {
  readonly query?: Query;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeout?: TimeoutInput;
}

/** A body is either a value, sent as JSON, or bytes or text, sent as they are. */
export type RequestOptions = RequestParts &
  ({ readonly json?: unknown; readonly body?: never } | { readonly json?: never; readonly body?: RequestBody });

/** What the answer's body is read as. Default `json`; an empty body is undefined then. */
export type Expect = 'json' | 'text' | 'bytes';

export interface HttpMethod {
  (path: string, options: RequestOptions & { readonly expect: 'text' }): Promise<string>;
  (path: string, options: RequestOptions & { readonly expect: 'bytes' }): Promise<Uint8Array>;
  <T = unknown>(path: string, options?: RequestOptions & { readonly expect?: 'json' }): Promise<T>;
}

const DEFAULT_TIMEOUT = '60s';
const SHOWN_CHARACTERS = 500;

type AnyOptions = RequestOptions & { readonly expect?: Expect };

export class HttpClient {
  readonly #target: string;
  readonly #options: HttpOptions;

  constructor(target: string, options: HttpOptions) {
    this.#target = target;
    this.#options = options;
  }

  /** Sends a request, and gives the answer whatever its status. The time-out covers its body too. */
  async raw(method: string, path: string, options: RequestOptions = {}): Promise<Response> {
    return (await this.#send(method, path, options)).response;
  }

  /** Sends a request and reads the answer; throws HttpStatusError for another status than 2xx. */
  async request(method: string, path: string, options: AnyOptions): Promise<unknown> {
    const { response, shown, failed } = await this.#send(method, path, options);
    try {
      if (!response.ok) {
        const body = (await response.text()).slice(0, SHOWN_CHARACTERS);
        throw new HttpStatusError(
          { method, url: shown },
          { status: response.status, body, retryAfterMs: retryAfterMs(response) },
        );
      }
      if (options.expect === 'bytes') return new Uint8Array(await response.arrayBuffer());
      const text = await response.text();
      return options.expect === 'text' ? text : parseJson(text, `${method} ${shown}`);
    } catch (error) {
      throw MillraceError.is(error) ? error : failed(error);
    }
  }

  async #send(
    method: string,
    path: string,
    options: RequestOptions,
  ): Promise<{ response: Response; shown: string; failed: (error: unknown) => unknown }> {
    const scope = currentScope();
    const attempt = scope?.context.signal;
    attempt?.throwIfAborted();
    const base = await resolveBase(this.#target, scope);
    const url = urlBelow(base.url, path, options.query);
    const shown = shownUrl(url);
    const timeout = options.timeout ?? this.#options.timeout ?? DEFAULT_TIMEOUT;
    const deadline = AbortSignal.timeout(timeoutMs(timeout));
    const failed = (error: unknown): unknown => {
      if (attempt?.aborted) return attempt.reason;
      if (deadline.aborted) {
        const shownTimeout = typeof timeout === 'number' ? `${timeout} s` : timeout;
        return new HttpConnectionError(`${method} ${shown} had no complete answer after ${shownTimeout}`, {
          fix: 'Give the request a longer `timeout`, or find out what keeps the server.',
          cause: error,
        });
      }
      return connectionError(error, `${method} ${shown}`);
    };
    const { body } = options;
    try {
      const response = await fetch(url, {
        method,
        headers: this.#headers(base, options),
        signal: attempt ? AbortSignal.any([attempt, deadline]) : deadline,
        ...(options.json === undefined ? {} : { body: JSON.stringify(options.json) }),
        ...(body === undefined ? {} : { body, ...(body instanceof ReadableStream ? { duplex: 'half' } : {}) }),
      });
      return { response, shown, failed };
    } catch (error) {
      throw failed(error);
    }
  }

  #headers(base: Base, options: RequestOptions): Headers {
    const headers = new Headers({ accept: 'application/json, */*;q=0.5' });
    if (options.json !== undefined) headers.set('content-type', 'application/json');
    const { auth = base.basic } = this.#options;
    if (auth) {
      const bearer = 'bearer' in auth ? auth.bearer : undefined;
      const basic = 'user' in auth ? Buffer.from(`${auth.user}:${auth.password}`).toString('base64') : undefined;
      headers.set('authorization', bearer === undefined ? `Basic ${basic}` : `Bearer ${bearer}`);
    }
    for (const source of [base.headers, this.#options.headers ?? {}, options.headers ?? {}]) {
      for (const [name, value] of Object.entries(source)) headers.set(name, value);
    }
    return headers;
  }
}

function parseJson(text: string, request: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new MillraceError('provider_error', `${request} answered no JSON: ${text.slice(0, SHOWN_CHARACTERS)}`, {
      fix: "Ask for { expect: 'text' } or { expect: 'bytes' }, or check the path.",
      cause,
    });
  }
}

/** fetch hides what went wrong in the cause of a TypeError. */
function connectionError(error: unknown, request: string): unknown {
  if (!(error instanceof TypeError) || error.cause === undefined) return error;
  const { code, message } = error.cause as { code?: string; message?: string };
  return new HttpConnectionError(`${request} failed: ${message || code || 'no connection'}`, {
    ...(code === 'ECONNREFUSED' || code === 'ENOTFOUND'
      ? { fix: 'Check host and port, and that the server runs.' }
      : {}),
    cause: error.cause,
  });
}

function retryAfterMs(response: Response): number | undefined {
  const value = response.headers.get('retry-after');
  if (value === null) return undefined;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  // The server's own clock is the one that its date is meant by.
  const wait = Date.parse(value) - Date.parse(response.headers.get('date') ?? '');
  return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}
