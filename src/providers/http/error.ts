import { type ErrorDetails, MillraceError } from '../../model/errors.ts';

/** An answer whose status is not 2xx. */
export class HttpStatusError extends MillraceError {
  readonly status: number;
  readonly method: string;
  /** Without login, password and secret values of the query. */
  readonly url: string;
  /** The first 500 characters of the body. */
  readonly body: string;
  /** What the server asks to wait before the next try (Retry-After), in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(
    request: { readonly method: string; readonly url: string },
    answer: { readonly status: number; readonly body: string; readonly retryAfterMs: number | undefined },
  ) {
    const body = answer.body === '' ? '' : `: ${answer.body}`;
    super('http_status', `${request.method} ${request.url} answered ${answer.status}${body}`, fixFor(answer.status));
    this.status = answer.status;
    this.method = request.method;
    this.url = request.url;
    this.body = answer.body;
    this.retryAfterMs = answer.retryAfterMs;
  }
}

/** No answer came: the connection failed, or the time was over. */
export class HttpConnectionError extends MillraceError {
  constructor(message: string, details: ErrorDetails) {
    super('provider_error', message, details);
  }
}

const RETRYABLE = new Set([408, 425, 429, 500, 502, 503, 504]);

/**
 * True when the same request may succeed later: no answer came, the server was busy (408, 425, 429) or had a fault of
 * its own (500, 502, 503, 504). For a task's `retry` option.
 */
export function isRetryable(error: unknown): boolean {
  if (error instanceof HttpStatusError) return RETRYABLE.has(error.status);
  return error instanceof HttpConnectionError;
}

function fixFor(status: number): ErrorDetails {
  if (status === 401) return { fix: 'Check login and password, or the header that carries the token.' };
  if (status === 403) return { fix: 'Grant the login the right to do this.' };
  if (status === 404) return { fix: 'Check the base URL and the path.' };
  if (status === 429)
    return { fix: 'Ask less often: limit the concurrency of the task, or wait longer between tries.' };
  return {};
}

const SECRET_PARAMETER = /key|token|secret|password|passwd|auth|sig|signature|credential|session/i;

/** The URL as messages may show it. */
export function shownUrl(url: URL): string {
  const shown = new URL(url);
  shown.username = '';
  shown.password = '';
  shown.hash = '';
  for (const name of new Set(shown.searchParams.keys())) {
    if (SECRET_PARAMETER.test(name)) shown.searchParams.set(name, '***');
  }
  return shown.href;
}
